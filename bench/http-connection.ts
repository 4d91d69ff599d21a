/**
 * One kept-alive connection that asks and waits: HTTP/1.1 as far as the bench needs it. A client library costs two to five times as
 * much per request, and on two cores the generator's share is taken from what is measured.
 */
import { type Socket, connect } from 'node:net';

export interface HttpAnswer {
  /** 0: the connection broke before an answer. */
  readonly status: number;
  readonly body: string;
}

/** Above the longest long-poll. */
const SILENT_MS = 15_000;

export class HttpConnections {
  private readonly idle: HttpConnection[] = [];
  private readonly all = new Set<HttpConnection>();
  private readonly host: string;
  private readonly port: number;

  constructor(host: string, port: number) {
    this.host = host;
    this.port = port;
  }

  /** Sends on an idle connection, or on a fresh one: the offered load decides how many there are. */
  ask(request: string, answered: (answer: HttpAnswer) => void): void {
    const connection = this.idle.pop() ?? this.open();
    connection.ask(request, (answer) => {
      if (answer.status !== 0) this.idle.push(connection);
      answered(answer);
    });
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }

  private open(): HttpConnection {
    const connection: HttpConnection = new HttpConnection(this.host, this.port, () => {
      this.all.delete(connection);
      const at = this.idle.indexOf(connection);
      if (at >= 0) this.idle.splice(at, 1);
    });
    this.all.add(connection);
    return connection;
  }
}

class HttpConnection {
  private readonly socket: Socket;
  private answered: ((answer: HttpAnswer) => void) | null = null;
  private text = '';
  private bodyAt = -1;
  private bytes = 0;

  constructor(host: string, port: number, gone: () => void) {
    this.socket = connect({ host, port, noDelay: true, timeout: SILENT_MS });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => this.read(text));
    this.socket.on('timeout', () => this.socket.destroy());
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      gone();
      this.answer({ status: 0, body: 'the connection broke' });
    });
  }

  ask(request: string, answered: (answer: HttpAnswer) => void): void {
    this.answered = answered;
    this.socket.write(request, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    this.text = this.text === '' ? text : this.text + text;
    if (this.bodyAt < 0) {
      const end = this.text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: ([0-9]+)/i.exec(this.text.slice(0, end))?.[1];
      if (length === undefined) {
        this.answer({ status: 0, body: 'an answer without Content-Length, which the bench cannot read' });
        this.socket.destroy();
        return;
      }
      this.bodyAt = end + 4;
      this.bytes = Number(length);
    }
    if (this.text.length < this.bodyAt + this.bytes) return;
    const status = Number(this.text.slice(9, 12));
    const body = this.text.slice(this.bodyAt);
    this.text = '';
    this.bodyAt = -1;
    this.answer({ status, body });
  }

  private answer(answer: HttpAnswer): void {
    const { answered } = this;
    this.answered = null;
    answered?.(answer);
  }
}
