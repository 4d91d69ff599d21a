export type PaymentStatus = 'queued' | 'processing' | 'succeeded' | 'failed';

/** A row of the table `payments`. */
export interface Payment {
  readonly id: string;
  readonly order_no: string;
  readonly amount: number;
  readonly currency: string;
  readonly token: string;
  readonly status: PaymentStatus;
}

/** What the merchant sees. */
export interface PaymentView {
  readonly id: string;
  readonly merchant_order_no: string;
  readonly amount: { readonly value: number; readonly currency: string };
  readonly status: PaymentStatus;
  readonly final: boolean;
}

export function viewOf({ id, order_no, amount, currency, status }: Payment): PaymentView {
  const final = status === 'succeeded' || status === 'failed';
  return { id, merchant_order_no: order_no, amount: { value: amount, currency }, status, final };
}
