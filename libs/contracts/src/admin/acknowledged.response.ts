/** Who acts on what operators have changed: every process says by its reports which version of limits and orders it goes by. */
import { ApiProperty } from '@nestjs/swagger';

export class HandResponse {
  @ApiProperty({ type: 'string', description: 'The process.', example: 'worker-1' })
  id: string;

  @ApiProperty({ enum: ['worker', 'door'], description: '`door`: an API process.' })
  kind: 'worker' | 'door';

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Version it acts on; `null`: it did not say.',
    example: 57,
  })
  version: number | null;

  @ApiProperty({ type: 'boolean', description: 'Whether it acts on the version in question.' })
  acts: boolean;

  @ApiProperty({ type: 'integer', description: 'The controller’s snapshot it acts on.', example: 4211 })
  snapshot_seq: number;

  @ApiProperty({ type: 'integer', description: 'Since its last report, ms.', example: 120 })
  silent_ms: number;
}

export class AcknowledgedResponse {
  @ApiProperty({
    type: 'integer',
    description: 'Rises with every change of limits or orders, over all channels.',
    example: 57,
  })
  version: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'Workers that act on it; `null`: nobody reports now (no controller, or Redis is gone). They act all the same.',
    example: 2,
  })
  workers_acting: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Workers that are heard of.', example: 2 })
  workers: number | null;

  @ApiProperty({ type: () => [HandResponse] })
  processes: readonly HandResponse[];
}
