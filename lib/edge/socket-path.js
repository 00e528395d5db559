// CloudFront Function (JavaScript 2.0) on viewer-request of /ws/*. A WebSocket API takes no path after its stage, so
// /ws/{session_id} becomes /<stage>?session_id={session_id}; whatever query the viewer sent is dropped.
// `x-forwarded-host` tells the functions which host the page has, for the API sees its own; a viewer's value is replaced.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const match = /^\/ws\/([A-Za-z0-9-]{1,64})$/.exec(request.uri);
  if (!match) {
    return {
      statusCode: 404,
      statusDescription: 'Not Found',
      headers: { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: 'no-store' } },
      body: {
        encoding: 'text',
        data: '{"type":"about:blank","title":"Not Found","status":404,"code":"not_found","detail":"A socket is at /ws/{session_id}."}',
      },
    };
  }
  request.uri = '/__WEBSOCKET_STAGE__';
  request.querystring = { session_id: { value: match[1] } };
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  return request;
}
