// CloudFront Function (JavaScript 2.0) on viewer-request of everything that is neither /api nor /ws. The page routes
// /s/{session_id} itself, so a path whose last part has no extension gets the page; a missing file stays missing.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') === -1) {
    request.uri = '/index.html';
  }
  return request;
}
