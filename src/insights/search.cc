#include "insights/search.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/json.h"
#include "insights/aggregations.h"
#include "insights/log_fields.h"
#include "insights/log_reader.h"
#include "insights/lucene.h"

namespace patchbay::insights {

namespace {

constexpr std::int64_t kMaxWindow = 10'000;  // from + size
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxFlows = 1'000;
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::size_t kMaxBuckets = 2'000;
constexpr std::int64_t kFew = 1'000;

struct Order {
  const LogField* field;
  bool descending;
};

base::Result<Condition> whereOf(LogReader& reader, const LogQuery& query, std::int64_t now) {
  if (query.flowIds.size() > kMaxFlows || query.portTypes.size() > 10) {
    return base::fail(base::Code::kInvalid, "At most 1000 flowId and 10 portType parameters are allowed.");
  }
  auto condition = parseLucene(query.query, now);
  if (!condition) {
    return condition.error();
  }
  Condition where = flowsInScope(reader, query.scope, query.flowIds);
  if (!query.portTypes.empty()) {
    where = both(std::move(where), oneOf("port_type", query.portTypes));
  }
  if (!query.trace) {
    where = both(std::move(where), {"severity <> 'trace'", {}});
  }
  return both(std::move(where), std::move(*condition));
}

base::Result<std::vector<Order>> ordersOf(const std::vector<std::string>& sort) {
  std::vector<Order> orders;
  for (const std::string& text : sort) {
    const std::size_t mark = text.find(':');
    const std::string direction = mark == std::string::npos ? "asc" : text.substr(mark + 1);
    const LogField* field = logField(std::string_view(text).substr(0, mark));
    const bool descending = direction == "desc" || direction == "-1";
    if (field == nullptr || (!descending && direction != "asc" && direction != "1") || orders.size() >= 5) {
      return base::fail(base::Code::kInvalid, "\"sort\" must be a field of the logs, followed by :asc or :desc; "
                                              "at most five.");
    }
    orders.push_back({field, descending});
  }
  if (orders.empty()) {
    orders.push_back({logField("gridTimestamp"), true});
  }
  return orders;
}

std::string orderSql(const std::vector<Order>& orders) {
  std::string sql;
  for (const Order& order : orders) {
    sql += std::string(order.field->column) + (order.descending ? " DESC, " : ", ");
  }
  return sql + (orders.front().descending ? "id DESC" : "id");
}

// Rows that come after the given sort values; with one value more than fields, the last is the _id.
base::Result<Condition> afterCondition(const std::vector<Order>& orders, const std::vector<std::string>& values,
                                       std::int64_t now) {
  std::vector<Order> keys = orders;
  if (values.size() == orders.size() + 1) {
    keys.push_back({logField("_id"), orders.front().descending});
  }
  if (values.size() != keys.size()) {
    return base::fail(base::Code::kInvalid, "\"searchAfter\" needs one value for each sort field.");
  }
  Condition any{"0", {}};
  Condition same;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const LogField& field = *keys[i].field;
    Parameter value = values[i];
    if (field.kind == FieldKind::kTime || field.kind == FieldKind::kId) {
      const auto number = timeOf(values[i], now);
      if (!number) {
        return base::fail(base::Code::kInvalid, "A value of \"searchAfter\" is neither a time nor a number.");
      }
      value = *number;
    }
    const std::string column = field.column;
    any = either(std::move(any), both(same, {column + (keys[i].descending ? " < ?" : " > ?"), {value}}));
    same = both(std::move(same), {column + " = ?", {value}});
  }
  return any;
}

constexpr const char* kColumns =
    "id, time, severity, type, flow_id, component_id, component_type, port_type, port, sender_id, sender_type, "
    "correlation_id, msg";

std::string indexOf(std::int64_t time) {
  const std::string iso = base::toIso(base::fromMillis(time));
  return "logs-" + iso.substr(0, 4) + iso.substr(5, 2);
}

// Without _id and _index. Fields that a record does not have are absent.
json::object sourceOf(const store::sqlite::Query& row) {
  const std::string time = base::toIso(base::fromMillis(row.integer(1)));
  json::object source{{"@timestamp", time}, {"gridTimestamp", time}};
  static constexpr const char* kNames[] = {"severity", "type",     "flowId",     "componentId",  "componentType",
                                           "portType", "port",     "senderId",   "senderType",   "correlationId"};
  int column = 2;
  for (const char* name : kNames) {
    std::string text = row.text(column++);
    if (!text.empty()) {
      source[name] = std::move(text);
    }
  }
  source["msg"] = row.text(column);
  return source;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

json::object hitOf(const store::sqlite::Query& row, const LogQuery& query, const std::vector<Order>& orders) {
  json::object hit{{"_id", std::to_string(row.integer(0))}, {"_index", indexOf(row.integer(1))}};
  const json::object source = sourceOf(row);
  for (const auto& member : source) {
    const std::string_view name(member.key());
    if ((query.includes.empty() || contains(query.includes, name)) && !contains(query.excludes, name)) {
      hit[name] = member.value();
    }
  }
  json::array sort;
  for (const Order& order : orders) {
    if (order.field->kind == FieldKind::kTime) {
      sort.emplace_back(row.integer(1));
    } else if (order.field->kind == FieldKind::kId) {
      sort.emplace_back(row.integer(0));
    } else {
      const json::value* value = json::find(source, order.field->name);
      sort.emplace_back(value == nullptr ? json::value("") : *value);
    }
  }
  sort.emplace_back(row.integer(0));
  hit["sort"] = std::move(sort);
  return hit;
}

base::Result<json::array> hitsOf(LogReader& reader, const LogQuery& query, Condition where, std::int64_t now) {
  if (query.from < 0 || query.size < 0 || query.from > kMaxWindow || query.size > kMaxWindow - query.from) {
    return base::fail(base::Code::kInvalid,
                      "\"from\" and \"size\" must be numbers of at most 10000 together; go on with searchAfter.");
  }
  auto orders = ordersOf(query.sort);
  if (!orders) {
    return orders.error();
  }
  if (!query.searchAfter.empty()) {
    auto after = afterCondition(*orders, query.searchAfter, now);
    if (!after) {
      return after.error();
    }
    where = both(std::move(where), std::move(*after));
  }
  where.parameters.emplace_back(query.size);
  where.parameters.emplace_back(query.from);
  json::array hits;
  std::size_t bytes = 0;
  reader.each(std::string("SELECT ") + kColumns + " FROM log WHERE " + where.sql + " ORDER BY " +
                  orderSql(*orders) + " LIMIT ? OFFSET ?",
              where.parameters, [&](const store::sqlite::Query& row) {
                hits.emplace_back(hitOf(row, query, *orders));
                const json::value* msg = json::find(hits.back(), "msg");
                bytes += 500 + (msg == nullptr ? 0 : msg->get_string().size());
                return bytes <= kMaxAnswerBytes;
              });
  if (bytes > kMaxAnswerBytes) {
    return base::fail(base::Code::kTooLarge, "The hits are over 64 MiB. Ask for a smaller size or exclude msg.");
  }
  return hits;
}

// All that a search finds, in one pass: how many at which minute, and which, while they are few.
struct Matches {
  std::int64_t count = 0, first = 0, last = 0;
  std::unordered_map<std::int64_t, std::int64_t> minutes;
  std::vector<std::int64_t> ids;  // of the first kFew

  bool areFew() const { return count <= kFew; }
};

Matches matchesOf(LogReader& reader, const Condition& where) {
  Matches matches;
  std::int64_t minute = -1;
  std::int64_t* inMinute = nullptr;  // records come in the order of time, or nearly
  reader.each("SELECT id, time FROM log WHERE " + where.sql, where.parameters, [&](const store::sqlite::Query& row) {
    const std::int64_t time = row.integer(1);
    matches.first = matches.count == 0 ? time : std::min(matches.first, time);
    matches.last = matches.count == 0 ? time : std::max(matches.last, time);
    if (inMinute == nullptr || minute != time / kMinute) {
      minute = time / kMinute;
      inMinute = &matches.minutes[minute];
    }
    ++*inMinute;
    if (++matches.count <= kFew) {
      matches.ids.push_back(row.integer(0));
    }
    return true;
  });
  return matches;
}

// Few are read by their ids, so that a search for a rare text looks through the records once.
// Many are soon found in the order of time.
Condition hitsCondition(const Matches& matches, const Condition& where) {
  if (!matches.areFew()) {
    return where;
  }
  std::string sql = "id IN (";
  for (const std::int64_t id : matches.ids) {
    sql += (sql.back() == '(' ? "" : ",") + std::to_string(id);
  }
  return {sql + ")", {}};
}

// Per day; per hour within three days, per minute within two hours.
json::array histogramOf(const Matches& matches) {
  const std::int64_t span = matches.last - matches.first;
  const std::int64_t width = span <= 2 * kHour ? kMinute : span <= 72 * kHour ? kHour : 24 * kHour;
  std::map<std::int64_t, std::int64_t> counts;
  for (const auto& [minute, count] : matches.minutes) {
    counts[minute * kMinute / width * width] += count;
  }
  json::array buckets;
  for (const auto& [key, count] : counts) {
    if (buckets.size() == kMaxBuckets) {
      break;
    }
    buckets.emplace_back(json::object{
        {"key_as_string", base::toIso(base::fromMillis(key))}, {"key", key}, {"doc_count", count}});
  }
  return buckets;
}

base::Result<json::object> answer(LogReader& reader, const LogQuery& query, std::int64_t now) {
  auto where = whereOf(reader, query, now);
  if (!where) {
    return where.error();
  }
  const Matches matches = matchesOf(reader, *where);
  auto hits = hitsOf(reader, query, hitsCondition(matches, *where), now);
  if (!hits) {
    return hits.error();
  }
  json::object result{{"buckets", histogramOf(matches)}, {"hits", std::move(*hits)}};
  if (query.aggregations) {
    auto evaluated = Aggregations(reader, now).evaluate(*query.aggregations, *where);
    if (!evaluated) {
      return evaluated.error();
    }
    result["aggregations"] = std::move(*evaluated);
  }
  return result;
}

}  // namespace

base::Result<json::object> LogSearch::search(const LogQuery& query) {
  log_.flush();
  try {
    LogReader reader(log_.path().string());
    return answer(reader, query, base::toMillis(clock_.now()));
  } catch (const store::StoreError& failure) {
    return base::fail(failure.code, failure.what());
  }
}

base::Result<json::object> LogSearch::one(const LogScope& scope, const std::string& id) {
  log_.flush();
  json::object found;
  try {
    LogReader reader(log_.path().string());
    const Condition where = both(flowsInScope(reader, scope, {}), {"id = CAST(? AS INTEGER)", {id}});
    reader.each(std::string("SELECT ") + kColumns + " FROM log WHERE " + where.sql, where.parameters,
                [&](const store::sqlite::Query& row) {
                  found = {{"_index", indexOf(row.integer(1))}, {"_id", id}, {"_source", sourceOf(row)}};
                  return false;
                });
  } catch (const store::StoreError& failure) {
    return base::fail(failure.code, failure.what());
  }
  if (found.empty()) {
    return base::fail(base::Code::kNotFound, "Log record " + id.substr(0, 64) + " was not found.");
  }
  return found;
}

}  // namespace patchbay::insights
