import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';

export class AmountDto {
  @IsInt()
  @Min(1)
  @Max(5_000_000)
  value: number;

  @IsIn(['CNY'])
  currency: string;
}

export class PaymentMethodDto {
  @IsString()
  @IsNotEmpty()
  token: string;
}

export class CreatePaymentDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  merchant_order_no: string;

  @ValidateNested()
  @Type(() => AmountDto)
  amount: AmountDto;

  @ValidateNested()
  @Type(() => PaymentMethodDto)
  payment_method: PaymentMethodDto;

  @IsOptional()
  @IsString()
  on_decline?: string;
}
