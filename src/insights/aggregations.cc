#include "insights/aggregations.h"

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/json.h"
#include "insights/log_fields.h"
#include "insights/lucene.h"

namespace patchbay::insights {

namespace {

constexpr int kMaxDepth = 5;
constexpr std::size_t kMaxAggregations = 100;
constexpr std::int64_t kMaxBuckets = 1000;
constexpr int kMaxStatements = 2000;
constexpr std::int64_t kDay = 86'400'000;

base::Error invalid(const std::string& message) {
  return base::fail(base::Code::kInvalid, "The aggregation is not understood: " + message);
}

base::Result<const LogField*> fieldOf(const json::object& options) {
  const std::string name = json::getString(options, "field");
  const LogField* field = logField(name);
  if (field == nullptr) {
    return invalid("\"" + name.substr(0, 100) + "\" is not a field of the logs.");
  }
  return field;
}

// What metrics count with: the number a text stands for, else nothing.
std::string numberSql(const LogField& field) {
  const std::string column = field.column;
  return field.kind == FieldKind::kTime || field.kind == FieldKind::kId
             ? column
             : "CASE WHEN " + column + " GLOB '[0-9-]*' THEN CAST(" + column + " AS REAL) END";
}

// "1h", "30m", "day", "month" in ms; calendar months and years are counted as 30 and 365 days.
std::optional<std::int64_t> intervalOf(std::string_view text) {
  struct Unit {
    std::string_view name;
    char letter;
    std::int64_t millis;
  };
  static constexpr Unit kUnits[] = {{"second", 's', 1'000},  {"minute", 'm', 60'000},   {"hour", 'h', 3'600'000},
                                    {"day", 'd', kDay},      {"week", 'w', 7 * kDay},   {"month", 'M', 30 * kDay},
                                    {"quarter", 'q', 91 * kDay}, {"year", 'y', 365 * kDay}};
  for (const Unit& unit : kUnits) {
    if (text == unit.name) {
      return unit.millis;
    }
  }
  if (text.size() < 2 || text.size() > 7) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    count = count * 10 + (c - '0');
  }
  for (const Unit& unit : kUnits) {
    if (text.back() == unit.letter && count > 0) {
      return count * unit.millis;
    }
  }
  return std::nullopt;
}

std::string textOf(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::write(value);
}

}  // namespace

void Aggregations::each(const std::string& sql, const Condition& where,
                        const std::function<bool(const store::sqlite::Query&)>& row) {
  if (++statements_ > kMaxStatements) {
    throw store::StoreError(base::Code::kInvalid, "The aggregations make too many nested buckets.");
  }
  reader_.each(sql, where.parameters, row);
}

base::Result<json::object> Aggregations::evaluate(const json::object& wanted, const Condition& where, int depth) {
  if (depth >= kMaxDepth || wanted.size() > kMaxAggregations) {
    return invalid("at most 100 aggregations, 5 levels deep, are allowed.");
  }
  json::object results;
  for (const auto& member : wanted) {
    const std::string name(member.key());
    if (!member.value().is_object()) {
      return invalid("\"" + name.substr(0, 100) + "\" must be an object.");
    }
    auto result = one(name, member.value().get_object(), where, depth);
    if (!result) {
      return result.error();
    }
    results[name] = std::move(*result);
  }
  return results;
}

base::Result<json::object> Aggregations::one(const std::string& name, const json::object& wanted,
                                             const Condition& where, int depth) {
  const json::object& nested =
      json::getObject(wanted, json::find(wanted, "aggs") != nullptr ? "aggs" : "aggregations");
  for (const auto& member : wanted) {
    const std::string type(member.key());
    if (type == "aggs" || type == "aggregations" || type == "meta" || !member.value().is_object()) {
      continue;
    }
    const json::object& options = member.value().get_object();
    if (type == "terms") {
      return terms(options, nested, where, depth);
    }
    if (type == "date_histogram") {
      return dateHistogram(options, nested, where, depth);
    }
    if (type == "filter") {
      return filter(options, nested, where, depth);
    }
    return metric(type, options, where);
  }
  return invalid("\"" + name.substr(0, 100) + "\" has no type.");
}

base::Result<json::object> Aggregations::metric(const std::string& type, const json::object& options,
                                                const Condition& where) {
  auto field = fieldOf(options);
  if (!field) {
    return field.error();
  }
  const std::string column = (*field)->column;
  std::string sql;
  if (type == "avg" || type == "min" || type == "max") {
    sql = type + "(" + numberSql(**field) + ")";
  } else if (type == "sum") {
    sql = "total(" + numberSql(**field) + ")";
  } else if (type == "value_count") {
    sql = "count(nullif(" + column + ", ''))";
  } else if (type == "cardinality") {
    sql = "count(DISTINCT nullif(" + column + ", ''))";
  } else {
    return invalid("the type \"" + type.substr(0, 100) + "\" is not supported.");
  }
  json::object result{{"value", nullptr}};
  each("SELECT " + sql + " FROM log WHERE " + where.sql, where, [&](const store::sqlite::Query& row) {
    if (row.isNull(0)) {
      return false;
    }
    const double number = row.real(0);
    result["value"] = number;
    if ((*field)->kind == FieldKind::kTime && (type == "min" || type == "max" || type == "avg")) {
      result["value_as_string"] = base::toIso(base::fromMillis(static_cast<std::int64_t>(number)));
    }
    return false;
  });
  return result;
}

base::Result<json::object> Aggregations::terms(const json::object& options, const json::object& nested,
                                               const Condition& where, int depth) {
  auto field = fieldOf(options);
  if (!field) {
    return field.error();
  }
  const std::string column = (*field)->column;
  const std::int64_t size = std::clamp<std::int64_t>(json::getInt(options, "size").value_or(10), 1, kMaxBuckets);
  struct Bucket {
    std::string key;
    std::int64_t count;
  };
  std::vector<Bucket> found;
  std::int64_t rest = 0;
  each("SELECT " + column + ", count(*) FROM log WHERE (" + where.sql + ") AND " + column +
           " <> '' GROUP BY 1 ORDER BY 2 DESC, 1",
       where, [&](const store::sqlite::Query& row) {
         if (found.size() < static_cast<std::size_t>(size)) {
           found.push_back({row.text(0), row.integer(1)});
         } else {
           rest += row.integer(1);
         }
         return true;
       });
  json::array buckets;
  for (const Bucket& bucket : found) {
    json::object made{{"key", bucket.key}, {"doc_count", bucket.count}};
    const bool isNumber = (*field)->kind == FieldKind::kTime || (*field)->kind == FieldKind::kId;
    const Condition same{fieldSql(**field, "", isNumber ? " = CAST(? AS INTEGER)" : " = ?"), {bucket.key}};
    if (base::Status added = addNested(made, nested, both(where, same), depth); !added) {
      return added.error();
    }
    buckets.emplace_back(std::move(made));
  }
  return json::object{{"doc_count_error_upper_bound", 0}, {"sum_other_doc_count", rest}, {"buckets", std::move(buckets)}};
}

base::Result<json::object> Aggregations::dateHistogram(const json::object& options, const json::object& nested,
                                                       const Condition& where, int depth) {
  if (auto field = fieldOf(options); !field || (*field)->kind != FieldKind::kTime) {
    return field ? invalid("date_histogram needs the field gridTimestamp.") : field.error();
  }
  std::string text;
  for (const char* name : {"fixed_interval", "calendar_interval", "interval"}) {
    text = text.empty() ? json::getString(options, name) : text;
  }
  const auto interval = intervalOf(text);
  if (!interval) {
    return invalid("the interval \"" + text.substr(0, 50) + "\" of a date_histogram is not understood.");
  }
  const std::string width = std::to_string(*interval);
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  each("SELECT time / " + width + " * " + width + ", count(*) FROM log WHERE " + where.sql +
           " GROUP BY 1 ORDER BY 1",
       where, [&](const store::sqlite::Query& row) {
         found.emplace_back(row.integer(0), row.integer(1));
         return found.size() <= static_cast<std::size_t>(kMaxBuckets);
       });
  if (found.size() > static_cast<std::size_t>(kMaxBuckets)) {
    return invalid("a date_histogram would have more than 1000 buckets; take a longer interval.");
  }
  json::array buckets;
  for (const auto& [key, count] : found) {
    json::object made{{"key_as_string", base::toIso(base::fromMillis(key))}, {"key", key}, {"doc_count", count}};
    const Condition within{"time >= ? AND time < ?", {key, key + *interval}};
    if (base::Status added = addNested(made, nested, both(where, within), depth); !added) {
      return added.error();
    }
    buckets.emplace_back(std::move(made));
  }
  return json::object{{"buckets", std::move(buckets)}};
}

base::Result<json::object> Aggregations::filter(const json::object& options, const json::object& nested,
                                                const Condition& where, int depth) {
  auto condition = filterCondition(options, depth);
  if (!condition) {
    return condition.error();
  }
  const Condition narrowed = both(where, std::move(*condition));
  json::object result;
  each("SELECT count(*) FROM log WHERE " + narrowed.sql, narrowed, [&](const store::sqlite::Query& row) {
    result["doc_count"] = row.integer(0);
    return false;
  });
  if (base::Status added = addNested(result, nested, narrowed, depth); !added) {
    return added.error();
  }
  return result;
}

base::Result<Condition> Aggregations::filterCondition(const json::object& options, int) {
  if (options.size() != 1 || !options.begin()->value().is_object()) {
    return invalid("a filter must hold one of term, terms, exists, query_string, match_all.");
  }
  const std::string kind(options.begin()->key());
  const json::object& inner = options.begin()->value().get_object();
  if (kind == "match_all") {
    return Condition{};
  }
  if (kind == "query_string") {
    return parseLucene(json::getString(inner, "query"), now_);
  }
  if (kind == "exists") {
    return parseLucene("_exists_:" + json::getString(inner, "field"), now_);
  }
  if ((kind != "term" && kind != "terms") || inner.size() != 1) {
    return invalid("the filter \"" + kind.substr(0, 100) + "\" is not supported.");
  }
  const std::string field(inner.begin()->key());
  const json::value& wanted = inner.begin()->value();
  if (kind == "term") {
    const json::value* value = json::find(wanted, "value");
    return fieldEquals(field, textOf(value == nullptr ? wanted : *value), now_);
  }
  if (!wanted.is_array() || wanted.get_array().size() > 100) {
    return invalid("\"terms\" needs an array of at most 100 values.");
  }
  Condition any{"0", {}};
  for (const json::value& value : wanted.get_array()) {
    auto one = fieldEquals(field, textOf(value), now_);
    if (!one) {
      return one;
    }
    any = either(std::move(any), std::move(*one));
  }
  return any;
}

base::Status Aggregations::addNested(json::object& bucket, const json::object& nested, const Condition& where,
                                     int depth) {
  if (nested.empty()) {
    return {};
  }
  auto inner = evaluate(nested, where, depth + 1);
  if (!inner) {
    return inner.error();
  }
  for (auto& member : *inner) {
    bucket[member.key()] = std::move(member.value());
  }
  return {};
}

}  // namespace patchbay::insights
