/** The operator's side of the simulated banks: look, change, script, and read the books. Unsigned: a rehearsal's tool on a private port. */
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { replaceSettings, patchSettings, showSettings } from '../bank/channel-settings';
import type { Channel } from '../bank/channel';
import { Simulator } from '../bank/simulator';
import type { Ledger } from '../books/ledger';
import { problem, ProblemException } from '../http/problem';
import { BEHAVIOURS } from '#simulation';
import { CODES, WORDS } from '../protocol/words';
import { channelStats, simulatorStats } from './stats';
import { applyChange, CONGESTED_SHARE, isShare, parseTimeline, TimelinePlayer } from './timeline';

const NDJSON = 'application/x-ndjson; charset=utf-8';

@Controller('control')
export class ControlController {
  constructor(
    private readonly simulator: Simulator,
    private readonly player: TimelinePlayer,
  ) {}

  @Get('instruments')
  instruments(): unknown {
    return { pattern: 'tok_<bank>_<product>_<behaviour>[-<payer>]', behaviours: BEHAVIOURS };
  }

  @Get('words')
  words(): unknown {
    return { words: WORDS, codes: CODES };
  }

  @Get('channels')
  channels(): unknown {
    return { channels: [...this.simulator.channels.values()].map((channel) => this.show(channel)) };
  }

  @Get('channels/:id')
  channel(@Param('id') id: string): unknown {
    return this.show(this.find(id));
  }

  @Put('channels/:id')
  replace(@Param('id') id: string, @Body() body: unknown): unknown {
    const channel = this.find(id);
    channel.configure(replaceSettings(id, body));
    return this.show(channel);
  }

  @Patch('channels/:id')
  patch(@Param('id') id: string, @Body() body: unknown): unknown {
    const channel = this.find(id);
    channel.configure(patchSettings(channel.settings, body));
    return this.show(channel);
  }

  @Post('channels/:id/congest')
  @HttpCode(200)
  congest(@Param('id') id: string, @Body() body: unknown): unknown {
    const channel = this.find(id);
    const share = (body as { share?: unknown } | undefined | null)?.share ?? CONGESTED_SHARE;
    if (!isShare(share)) {
      const errors = [{ pointer: '/share', message: 'must be the share of slots left, above 0 and at most 1' }];
      throw new ProblemException(problem(422, 'invalid_settings', 'nothing was changed', errors));
    }
    applyChange(channel, { kind: 'congest', share });
    return this.show(channel);
  }

  @Post('channels/:id/restore')
  @HttpCode(200)
  restore(@Param('id') id: string): unknown {
    const channel = this.find(id);
    applyChange(channel, { kind: 'restore' });
    return this.show(channel);
  }

  @Get('timeline')
  timeline(): unknown {
    return this.player.show();
  }

  @Post('timeline')
  @HttpCode(200)
  startTimeline(@Body() body: unknown): unknown {
    this.player.start(parseTimeline(body, [...this.simulator.channels.keys()]));
    return this.player.show();
  }

  @Delete('timeline')
  stopTimeline(): unknown {
    this.player.stop();
    return this.player.show();
  }

  @Get('stats')
  stats(): unknown {
    return simulatorStats(this.simulator);
  }

  @Post('reset')
  @HttpCode(200)
  reset(@Body() body: unknown): unknown {
    this.player.stop();
    const kept = this.simulator.reset((body as { ledger?: unknown } | undefined | null)?.ledger === true);
    return { channels: this.simulator.channels.size, ledger_kept_as: kept };
  }

  @Get('ledger/summary')
  summary(): unknown {
    return { last_seq: this.simulator.ledger.lastSeq, channels: this.simulator.ledger.summary };
  }

  @Get('ledger')
  ledger(
    @Query('channel') id: string | undefined,
    @Query('after') after: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const channel = id === undefined ? null : this.find(id).id;
    if (after !== undefined && !/^[0-9]{1,15}$/.test(after)) {
      throw new ProblemException(
        problem(422, 'invalid_cursor', 'after must be a sequence number, the seq of the last entry you have'),
      );
    }
    const { ledger } = this.simulator;
    const lines =
      channel === null && after === undefined
        ? (ledger.stream() ?? '')
        : Readable.from(ledgerLines(ledger, Number(after ?? 0), channel));
    void reply.type(NDJSON).send(lines);
  }

  @Get('receipts')
  receipts(@Res() reply: FastifyReply): void {
    void reply.type(NDJSON).send(this.simulator.receipts.stream() ?? '');
  }

  private find(id: string): Channel {
    const channel = this.simulator.channels.get(id);
    if (channel !== undefined) return channel;
    const all = [...this.simulator.channels.keys()].join(', ');
    throw new ProblemException(problem(404, 'unknown_channel', `there is no channel ${id}; there are ${all}`));
  }

  private show(channel: Channel): unknown {
    const { nameEn, nameZh, character } = this.simulator.preset(channel.id);
    return {
      id: channel.id,
      name: { en: nameEn, 'zh-CN': nameZh },
      character,
      settings: showSettings(channel.settings),
      now: channelStats(channel),
    };
  }
}

async function* ledgerLines(ledger: Ledger, afterSeq: number, channel: string | null): AsyncGenerator<string> {
  for await (const { entry, line } of ledger.read(afterSeq)) {
    if (channel === null || entry.channel === channel) yield `${line}\n`;
  }
}
