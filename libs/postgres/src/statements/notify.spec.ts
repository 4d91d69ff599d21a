import { PAYMENT_STATES } from '#domain';
import { ROWS_MAX } from '../payment-journal';
import { PAYLOAD_MAX_BYTES, readPaymentsChanged } from './notify';

const ID = 'pay_01h455vb4pex5vsknk084sn02q';

describe('the notification of a statement', () => {
  it('fits, however many payments moved: a payload too long would fail the statement and its commit', () => {
    const longest = Math.max(...PAYMENT_STATES.map((state) => `${ID}=${state},`.length));
    expect(ROWS_MAX * longest).toBeLessThanOrEqual(PAYLOAD_MAX_BYTES);
  });

  it('names the payments and what they became', () => {
    expect(readPaymentsChanged(`${ID}=processing,pay_2=succeeded`)).toEqual({
      ids: [ID, 'pay_2'],
      states: ['processing', 'succeeded'],
    });
  });

  it('says nothing of a state in words that are not known, or not there', () => {
    expect(readPaymentsChanged(`${ID},pay_2=dreaming`)).toEqual({ ids: [ID, 'pay_2'], states: [null, null] });
    expect(readPaymentsChanged('')).toEqual({ ids: [], states: [] });
  });
});
