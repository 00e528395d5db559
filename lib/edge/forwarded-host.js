// CloudFront Function (JavaScript 2.0) on viewer-request of /api/*. The API sees its own host name; the functions
// behind it learn the page's from here. A viewer's own value is replaced.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  return request;
}
