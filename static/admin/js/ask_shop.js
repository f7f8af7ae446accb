// Ask the shop something, as JSON; throws where it cannot be reached or refuses.
const HEADERS = { "X-Requested-With": "XMLHttpRequest" };

function checked(response, kind) {
  // Somebody who is signed out is led to another page, which is not the answer.
  const fits = response.headers.get("Content-Type")?.includes(kind);
  if (!response.ok || response.redirected || !fits) {
    throw Object.assign(new Error("The shop refused"), { refused: true });
  }
  return response;
}

export async function post(url, data) {
  const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
  const response = await fetch(url, {
    method: "POST",
    headers: { ...HEADERS, "Content-Type": "application/json", [CSRF_HEADER_NAME]: CSRF_TOKEN },
    body: JSON.stringify(data),
    // The page may be left right after the cell.
    keepalive: true,
  });
  return checked(response, "json").json();
}

export async function getJson(url) {
  return checked(await fetch(url, { headers: HEADERS }), "json").json();
}

export async function getHtml(url) {
  return checked(await fetch(url, { headers: HEADERS }), "html").text();
}
