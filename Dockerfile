# One image for web, worker and commands. Browser packages and static files are put in place when it is built.
FROM node:22-slim AS browser
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings.prod DATA_DIR=/data
# pg_dump and pg_restore of the same version as the server in compose.yaml
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY --from=browser /app/node_modules ./node_modules
COPY . .
RUN useradd --system --uid 900 --home-dir /data threadwell \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" SITE_URL=https://build.example ALLOWED_HOSTS=build.example DATA_DIR=/build \
       python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /data && mv /build/static /app/static_root && chown -R threadwell /data
ENV STATIC_ROOT=/app/static_root
USER threadwell
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--ws-max-size", "65536", "--ws-per-message-deflate", "false", "--proxy-headers", "--forwarded-allow-ips", "*"]
