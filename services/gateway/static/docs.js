// Shows /openapi.json. No validator badge: this page asks nobody but its own server.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null, docExpansion: "list" });
