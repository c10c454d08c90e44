/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data of charts: how a model is to write them, and reading what it wrote.
 */
#pragma once

#include "document/document.h"

#include <jansson.h>

/* JSON schema of a chart, as a string literal. */
#define DOCAI_VLM_CHART_SCHEMA \
  "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}," \
  "\"x_axis\":{\"type\":\"string\"},\"y_axis\":{\"type\":\"string\"},\"series\":" \
  "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":" \
  "{\"type\":\"string\"},\"points\":{\"type\":\"array\",\"items\":{\"type\":\"object\"," \
  "\"properties\":{\"label\":{\"type\":\"string\"},\"value\":{\"type\":\"number\"}}," \
  "\"required\":[\"label\",\"value\"],\"additionalProperties\":false}}}," \
  "\"required\":[\"name\",\"points\"],\"additionalProperties\":false}}}," \
  "\"required\":[\"title\",\"x_axis\",\"y_axis\",\"series\"],\"additionalProperties\":false}"

/* A chart from an object of that schema; what is missing is left out. Owned by the caller. */
DocaiChart *docai_vlm_chart_from_json (const json_t *json);
