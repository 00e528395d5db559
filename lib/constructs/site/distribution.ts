import { Duration, Fn } from 'aws-cdk-lib';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type Function as EdgeFunction,
  FunctionEventType,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { globalName, originHeader, webSocketStage } from '../../names.ts';
import type { StageSettings } from '../../settings/schema.ts';
import { edgeFunction } from './edge-function.ts';
import { securityHeaders } from './security-headers.ts';

export interface SiteProps {
  readonly settings: StageSettings;
  readonly bucket: IBucket;
  readonly logs: IBucket | undefined;
  readonly httpApi: HttpApi;
  readonly webSocketApi: WebSocketApi;
  /** Value of the header by which the functions know this distribution. */
  readonly originSecret: string;
}

/** One origin for the page, `/api` and `/ws`: no CORS, and the page's cookie reaches the handshake. */
export class Site extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id);
    const { site, keepData } = props.settings;
    const { stage } = props.settings;
    const headers = securityHeaders(this, stage, site.domain?.name);
    const onRequest = (fn: EdgeFunction): Pick<BehaviorOptions, 'functionAssociations'> => ({
      functionAssociations: [{ function: fn, eventType: FunctionEventType.VIEWER_REQUEST }],
    });
    const api: Omit<BehaviorOptions, 'origin'> = {
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // Cookies, Origin, Authorization and the handshake's headers; the host must be the API's own.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Switchboard ${stage}`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      // All edge locations cost more by the request, not by the month; a stage that keeps data has users to be near to.
      priceClass: keepData ? PriceClass.PRICE_CLASS_ALL : PriceClass.PRICE_CLASS_100,
      ...(site.webAclArn === undefined ? {} : { webAclId: site.webAclArn }),
      ...(site.domain === undefined
        ? {}
        : {
            domainNames: [site.domain.name],
            certificate: Certificate.fromCertificateArn(this, 'Certificate', site.domain.certificateArn),
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
      ...(props.logs === undefined ? {} : { enableLogging: true, logBucket: props.logs, logFilePrefix: 'cloudfront/' }),
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(props.bucket, {
          originAccessControl: new S3OriginAccessControl(this, 'OriginAccess', {
            originAccessControlName: globalName(stage, 'page'),
          }),
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
        compress: true,
        ...onRequest(edgeFunction(this, 'single-page')),
      },
      additionalBehaviors: {
        '/api/*': {
          ...api,
          origin: apiOrigin(props.httpApi.apiEndpoint, props.originSecret),
          responseHeadersPolicy: headers,
          ...onRequest(edgeFunction(this, 'forwarded-host')),
        },
        '/ws/*': {
          ...api,
          // A handshake is a GET.
          allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
          origin: apiOrigin(props.webSocketApi.apiEndpoint, props.originSecret),
          ...onRequest(edgeFunction(this, 'socket-path', { WEBSOCKET_STAGE: webSocketStage })),
        },
      },
    });
  }
}

/** The API's host, out of its `https://…` or `wss://…` address. */
const apiOrigin = (endpoint: string, secret: string): HttpOrigin =>
  new HttpOrigin(Fn.select(2, Fn.split('/', endpoint)), {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    // A second above API Gateway's own limit of 30.
    readTimeout: Duration.seconds(31),
    customHeaders: { [originHeader]: secret },
  });
