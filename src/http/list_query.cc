#include "http/list_query.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "http/text_pattern.h"

namespace patchbay::http {

namespace {

constexpr std::size_t kMaxConditions = 50;

base::Result<std::size_t> numberOf(std::string_view text, std::string_view name) {
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be a number.");
  }
  return number;
}

// As text compares: a stored text as it is, others by their JSON spelling.
std::string spelling(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::write(value);
}

int rank(const json::value* value) {
  if (value == nullptr || value->is_null()) return 0;
  if (value->is_bool()) return 1;
  if (value->is_number()) return 2;
  return value->is_string() ? 3 : 4;
}

int compare(const json::value* a, const json::value* b) {
  const int ranks = rank(a) - rank(b);
  if (ranks != 0 || rank(a) == 0) {
    return ranks;
  }
  if (a->is_number()) {
    const double left = a->to_number<double>(), right = b->to_number<double>();
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return spelling(*a).compare(spelling(*b));
}

// Copies `path` of `from` into `to`, with the objects on the way.
void copyPath(const json::object& from, std::string_view path, json::object& to) {
  const auto dot = path.find('.');
  const std::string_view key = path.substr(0, dot);
  const json::value* value = json::find(from, key);
  if (value == nullptr) {
    return;
  }
  if (dot == std::string_view::npos) {
    to[key] = *value;
  } else if (value->is_object()) {
    json::value& below = to[key];
    if (!below.is_object()) {
      below = json::object();
    }
    copyPath(value->get_object(), path.substr(dot + 1), below.get_object());
  }
}

void erasePath(json::object& from, std::string_view path) {
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) {
    json::eraseKey(from, path);
    return;
  }
  json::value* below = from.if_contains(path.substr(0, dot));
  if (below != nullptr && below->is_object()) {
    erasePath(below->get_object(), path.substr(dot + 1));
  }
}

}  // namespace

const boost::json::value* valueAt(const boost::json::value& document, std::string_view path) {
  if (const json::value* whole = json::find(document, path)) {
    return whole;
  }
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) {
    return nullptr;
  }
  const json::value* below = json::find(document, path.substr(0, dot));
  return below == nullptr ? nullptr : valueAt(*below, path.substr(dot + 1));
}

base::Result<ListQuery> ListQuery::parse(const Request& request) {
  ListQuery query;
  if (auto status = query.readPaging(request); !status) {
    return status.error();
  }
  if (auto status = query.readSort(request); !status) {
    return status.error();
  }
  query.readFilters(request);
  query.readProjection(request);
  query.pattern_ = request.queryValue("pattern").value_or("");
  if (query.filters_.size() + query.orders_.size() > kMaxConditions) {
    return base::fail(base::Code::kInvalid, "At most 50 filters and sort fields are allowed.");
  }
  return query;
}

base::Status ListQuery::readPaging(const Request& request) {
  for (const auto& [name, target] : {std::pair("offset", &offset_), {"limit", &limit_}}) {
    const auto text = request.queryValue(name);
    if (!text) {
      continue;
    }
    auto number = numberOf(*text, name);
    if (!number) {
      return number.error();
    }
    *target = *number;
  }
  return {};
}

base::Status ListQuery::readSort(const Request& request) {
  for (const std::string& text : request.queryValues("sort")) {
    if (text.empty()) {
      continue;
    }
    const auto mark = text.find_last_of(":;");
    Order order{text.substr(0, mark), false};
    if (mark != std::string::npos) {
      const std::string direction = text.substr(mark + 1);
      order.descending = direction == "-1" || direction == "desc";
    }
    if (order.path.empty()) {
      return base::fail(base::Code::kInvalid, "\"sort\" must look like field:1 or field:-1.");
    }
    orders_.push_back(std::move(order));
  }
  return {};
}

void ListQuery::readFilters(const Request& request) {
  for (const std::string& text : request.queryValues("filter")) {
    const auto colon = text.find(':');
    if (colon == std::string::npos || colon == 0) {
      continue;
    }
    Filter filter{text.substr(0, colon), Operator::kEquals, text.substr(colon + 1)};
    if (filter.value.starts_with('!') || filter.value.starts_with('~')) {
      filter.op = filter.value.front() == '!' ? Operator::kDiffers : Operator::kContains;
      filter.value.erase(0, 1);
    }
    filters_.push_back(std::move(filter));
  }
}

void ListQuery::readProjection(const Request& request) {
  for (const std::string& list : request.queryValues("projection")) {
    for (std::size_t at = 0; at < list.size();) {
      const std::size_t comma = std::min(list.find(',', at), list.size());
      std::string field = list.substr(at, comma - at);
      at = comma + 1;
      std::erase(field, ' ');
      if (field.starts_with('-')) {
        excluded_.push_back(field.substr(1));
      } else if (!field.empty()) {
        included_.push_back(std::move(field));
      }
    }
  }
}

bool ListQuery::holds(const Filter& filter, const json::value* stored) {
  static const json::value kNull;
  const json::value& value = stored == nullptr ? kNull : *stored;
  const auto one = [&filter](const json::value& item) {
    return filter.op == Operator::kContains ? matchesPattern(spelling(item), filter.value)
                                            : spelling(item) == filter.value;
  };
  bool found = false;
  if (value.is_array()) {
    found = std::any_of(value.get_array().begin(), value.get_array().end(), one);
  } else {
    found = (filter.op != Operator::kContains || !value.is_null()) && one(value);
  }
  return filter.op == Operator::kDiffers ? !found : found;
}

bool ListQuery::matches(const json::value& document, const Fields& fields) const {
  for (const Filter& filter : filters_) {
    if (!holds(filter, valueAt(document, filter.path))) {
      return false;
    }
  }
  if (pattern_.empty()) {
    return true;
  }
  return std::any_of(fields.patterns.begin(), fields.patterns.end(), [&](const std::string& path) {
    const json::value* value = valueAt(document, path);
    return value != nullptr && !value->is_null() && containsText(spelling(*value), pattern_);
  });
}

json::value ListQuery::project(const json::value& document, const Fields& fields) const {
  if (!document.is_object() || (included_.empty() && excluded_.empty())) {
    return document;
  }
  json::object projected;
  if (included_.empty()) {
    projected = document.get_object();
  }
  for (const std::string& path : included_) {
    copyPath(document.get_object(), path, projected);
  }
  for (const std::string& path : excluded_) {
    if (path != fields.idField) {
      erasePath(projected, path);
    }
  }
  return projected;
}

std::size_t ListQuery::count(const json::array& documents, const Fields& fields) const {
  return static_cast<std::size_t>(
      std::count_if(documents.begin(), documents.end(),
                    [&](const json::value& document) { return matches(document, fields); }));
}

json::array ListQuery::apply(json::array documents, const Fields& fields) const {
  std::vector<const json::value*> kept;
  for (const json::value& document : documents) {
    if (matches(document, fields)) {
      kept.push_back(&document);
    }
  }
  if (!orders_.empty()) {
    std::stable_sort(kept.begin(), kept.end(), [this](const json::value* a, const json::value* b) {
      for (const Order& order : orders_) {
        const int difference = compare(valueAt(*a, order.path), valueAt(*b, order.path));
        if (difference != 0) {
          return order.descending ? difference > 0 : difference < 0;
        }
      }
      return false;
    });
  }
  json::array page;
  for (std::size_t i = offset_; i < kept.size() && page.size() < limit_; ++i) {
    page.push_back(project(*kept[i], fields));
  }
  return page;
}

}  // namespace patchbay::http
