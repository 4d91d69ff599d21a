export const PAYMENTS_QUEUE = 'payments';
