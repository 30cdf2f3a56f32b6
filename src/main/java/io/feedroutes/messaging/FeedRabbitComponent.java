package io.feedroutes.messaging;
