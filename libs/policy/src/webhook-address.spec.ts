import { checkWebhookUrl } from './webhook-address';

const fault = (text: string, sandbox = false) => checkWebhookUrl(text, sandbox).fault;

describe('the URL of a webhook', () => {
  it.each([
    'https://shop.example.com',
    'https://shop.example.com/hooks/sluice?shop=1',
    'https://shop.example.com:443/hooks',
    'https://shop.example.com:8443/hooks',
    'HTTPS://SHOP.EXAMPLE.COM/Hooks',
    'https://xn--fiqs8s.example/hooks',
    'https://localhost.example.com/hooks',
    'https://shop.example.com/a@b',
  ])('may be %s', (text) => expect(fault(text)).toBeNull());

  it.each([
    ['http://shop.example.com/', 'scheme'],
    ['ftp://shop.example.com/', 'not_a_url'],
    ['file:///etc/passwd', 'not_a_url'],
    ['gopher://shop.example.com/', 'not_a_url'],
    ['javascript:alert(1)', 'not_a_url'],
    ['//shop.example.com/', 'not_a_url'],
    ['shop.example.com', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https:///shop.example.com', 'not_a_url'],
    ['https:\\\\shop.example.com', 'not_a_url'],
    ['https://shop.example.com/a b', 'not_a_url'],
    ['https://shop.example.com/\r\nHost: evil', 'not_a_url'],
    ['https://shop。example/', 'not_a_url'],
    [`https://shop.example.com/${'a'.repeat(2048)}`, 'not_a_url'],
    ['https://999.1.1.1.1.1/', 'not_a_url'],
    ['https://user@shop.example.com/', 'credentials'],
    ['https://user:pass@shop.example.com/', 'credentials'],
    ['https://shop.example.com@127.0.0.1/', 'credentials'],
    ['https://@shop.example.com/', 'credentials'],
    ['https://:@shop.example.com', 'credentials'],
    ['https://shop.example.com/#', 'fragment'],
    ['https://shop.example.com/#@10.0.0.1', 'fragment'],
    ['https://shop.example.com:22/', 'port'],
    ['https://shop.example.com:80/', 'port'],
    ['https://shop.example.com:6379/', 'port'],
    ['https://127.0.0.1/', 'bare_address'],
    ['https://8.8.8.8/', 'bare_address'],
    ['https://2130706433/', 'bare_address'],
    ['https://017700000001/', 'bare_address'],
    ['https://0x7f000001/', 'bare_address'],
    ['https://0x7f.1/', 'bare_address'],
    ['https://0177.0.0.01/', 'bare_address'],
    ['https://127.1/', 'bare_address'],
    ['https://127.0.0.1./', 'bare_address'],
    ['https://169.254.169.254/latest/meta-data/', 'bare_address'],
    ['https://%31%32%37.0.0.1/', 'bare_address'],
    ['https://[::1]/', 'bare_address'],
    ['https://[::ffff:127.0.0.1]/', 'bare_address'],
    ['https://[::ffff:7f00:1]/', 'bare_address'],
    ['https://[fd00:ec2::254]/', 'bare_address'],
    ['https://localhost/', 'local_name'],
    ['https://localhost./', 'local_name'],
    ['https://LOCALHOST/', 'local_name'],
    ['https://a.localhost/', 'local_name'],
    ['https://redis/', 'local_name'],
    ['https://metadata.google.internal/', 'local_name'],
    ['https://printer.local/', 'local_name'],
  ])('may not be %s: %s', (text, reason) => expect(fault(text)).toBe(reason));

  it('may lead to the developer’s own machine in the sandbox, but never hold credentials', () => {
    expect(fault('http://127.0.0.1:4000/hooks', true)).toBeNull();
    expect(fault('http://localhost:4000/hooks', true)).toBeNull();
    expect(fault('http://u:p@127.0.0.1:4000/hooks', true)).toBe('credentials');
    expect(fault('ftp://127.0.0.1/', true)).toBe('not_a_url');
  });
});
