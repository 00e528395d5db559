import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { TableName } from '../../functions/catalogue.ts';

/** The log of every session, the model's memory, and who is connected: three lifetimes, three tables. */
export class Tables extends Construct {
  readonly byName: Readonly<Record<TableName, Table>>;

  constructor(scope: Construct, id: string, keepData: boolean) {
    super(scope, id);
    // Connections last two hours at most: nothing to keep.
    const connections = this.#table('Connections', false);
    this.byName = { sessions: this.#sessions(keepData), memory: this.#table('Memory', keepData), connections };
  }

  #sessions(keepData: boolean): Table {
    const sessions = this.#table('Sessions', keepData);
    sessions.addGlobalSecondaryIndex({
      indexName: 'owner',
      partitionKey: { name: 'owner', type: AttributeType.STRING },
      sortKey: { name: 'updated_at', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    sessions.addGlobalSecondaryIndex({
      indexName: 'open',
      partitionKey: { name: 'open_shard', type: AttributeType.STRING },
      sortKey: { name: 'open_at', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return sessions;
  }

  #table(id: string, keep: boolean): Table {
    return new Table(this, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires_at',
      deletionProtection: keep,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: keep },
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
