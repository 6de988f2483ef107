// Signs in against the token endpoint and gives GraphiQL a fetcher that sends the token. The tokens live in this
// page's memory only: closing or reloading the page signs out.
"use strict";

(function () {
  const byId = (id) => document.getElementById(id);
  let tokens = null;

  async function grant(form) {
    const answer = await fetch("/v1/oauth/token", { method: "POST", body: new URLSearchParams(form) });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error_description || body.detail || "signing in failed");
    tokens = { access: body.access_token, refresh: body.refresh_token, until: Date.now() + (body.expires_in - 30) * 1000 };
  }

  function show(user) {
    byId("sign-in").hidden = user !== null;
    byId("signed-in").hidden = user === null;
    byId("who").textContent = user || "";
  }

  byId("sign-in").addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("message").textContent = "";
    try {
      await grant({ grant_type: "password", username: byId("username").value, password: byId("password").value });
      byId("password").value = "";
      show(byId("username").value);
      draw();
    } catch (error) {
      byId("message").textContent = error.message;
    }
  });

  byId("sign-out").addEventListener("click", () => {
    tokens = null;
    show(null);
    draw();
  });

  async function fetcher(params) {
    if (tokens && Date.now() > tokens.until) await grant({ grant_type: "refresh_token", refresh_token: tokens.refresh });
    const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" };
    if (tokens) headers.Authorization = "Bearer " + tokens.access;
    const answer = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(params) });
    return answer.json();
  }

  let root = null;
  let drawn = 0;
  let example = "";
  function draw() {
    if (!window.GraphiQL || !window.ReactDOM) return;
    root = root || window.ReactDOM.createRoot(byId("playground"));
    drawn += 1;
    // A new key makes GraphiQL ask for the schema again, with or without the token.
    root.render(window.React.createElement(window.GraphiQL, { key: drawn, fetcher, defaultQuery: example, shouldPersistHeaders: false }));
  }

  // The editor opens with the admin's nested view, one of the queries that the tests run.
  fetch("/playground/admin_overview.graphql")
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      example = text;
      draw();
    });
})();
