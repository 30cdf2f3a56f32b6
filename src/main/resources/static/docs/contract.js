SwaggerUIBundle({ url: 'feed.openapi.yaml', dom_id: '#contract', deepLinking: true });
