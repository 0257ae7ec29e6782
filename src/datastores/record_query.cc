#include "datastores/record_query.h"

#include <algorithm>
#include <optional>

#include "base/json.h"

namespace patchbay::datastores {

namespace {

constexpr std::size_t kMaxConditions = 500;
constexpr int kMaxDepth = 10;

const json::value* valueAt(const json::value& document, std::string_view path) {
  if (const json::value* whole = json::find(document, path)) {
    return whole;
  }
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    return nullptr;
  }
  const json::value* below = json::find(document, path.substr(0, dot));
  return below == nullptr ? nullptr : valueAt(*below, path.substr(dot + 1));
}

bool equal(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) {
    return a.to_number<double>() == b.to_number<double>();
  }
  return a == b;
}

bool equalOrContains(const json::value& stored, const json::value& operand) {
  if (equal(stored, operand)) {
    return true;
  }
  const json::array* items = stored.if_array();
  return items != nullptr && std::any_of(items->begin(), items->end(), [&](const json::value& item) {
           return equal(item, operand);
         });
}

// Order among numbers and among texts; nothing between different kinds.
std::optional<int> order(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) {
    const double left = a.to_number<double>();
    const double right = b.to_number<double>();
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (a.is_string() && b.is_string()) {
    const int difference = a.get_string().compare(b.get_string());
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  return std::nullopt;
}

base::Error invalid(const std::string& message) {
  return base::fail(base::Code::kInvalid, "The query of a data store is not understood: " + message);
}

bool isOperatorObject(const json::value& value) {
  const json::object* members = value.if_object();
  return members != nullptr && !members->empty() && members->begin()->key().starts_with("$");
}

}  // namespace

// Walks the query's JSON once and makes conditions of it.
struct RecordQuery::Reader {
  std::size_t count = 0;

  base::Result<Condition> object(const json::object& query, int depth) {
    Condition all;
    for (const auto& member : query) {
      const std::string key(member.key());
      base::Result<Condition> made =
          key.starts_with("$") ? logical(key, member.value(), depth) : field(key, member.value(), depth);
      if (!made) {
        return made.error();
      }
      all.inner.push_back(std::move(*made));
    }
    return all;
  }

  base::Result<Condition> logical(const std::string& op, const json::value& operand, int depth) {
    if (op != "$and" && op != "$or" && op != "$nor") {
      return invalid("\"" + op + "\" is none of $and, $or, $nor.");
    }
    if (!operand.is_array() || operand.get_array().empty()) {
      return invalid("\"" + op + "\" needs an array of conditions.");
    }
    if (depth >= kMaxDepth) {
      return invalid("it is more than 10 levels deep.");
    }
    Condition condition;
    condition.op = op == "$and" ? Operator::kAll : Operator::kAny;
    condition.negated = op == "$nor";
    for (const json::value& item : operand.get_array()) {
      if (!item.is_object()) {
        return invalid("\"" + op + "\" needs an array of conditions.");
      }
      auto inner = object(item.get_object(), depth + 1);
      if (!inner) {
        return inner.error();
      }
      condition.inner.push_back(std::move(*inner));
    }
    return condition;
  }

  base::Result<Condition> field(const std::string& path, const json::value& wanted, int depth) {
    if (!isOperatorObject(wanted)) {
      return leaf(path, "$eq", wanted, depth);
    }
    Condition all;
    for (const auto& member : wanted.get_object()) {
      auto made = leaf(path, std::string(member.key()), member.value(), depth);
      if (!made) {
        return made.error();
      }
      all.inner.push_back(std::move(*made));
    }
    return all;
  }

  base::Result<Condition> leaf(const std::string& path, const std::string& op, const json::value& operand,
                               int depth) {
    if (++count > kMaxConditions) {
      return invalid("it has more than 500 conditions.");
    }
    if (op == "$not") {
      if (!isOperatorObject(operand) || depth >= kMaxDepth) {
        return invalid("\"$not\" needs an object of operators.");
      }
      auto inner = field(path, operand, depth + 1);
      if (inner) {
        inner->negated = !inner->negated;
      }
      return inner;
    }
    struct Known {
      std::string_view name;
      Operator op;
      bool negated;
    };
    static constexpr Known kKnown[] = {
        {"$eq", Operator::kEquals, false},        {"$ne", Operator::kEquals, true},
        {"$in", Operator::kIn, false},            {"$nin", Operator::kIn, true},
        {"$gt", Operator::kGreater, false},       {"$gte", Operator::kGreaterOrEqual, false},
        {"$lt", Operator::kLess, false},          {"$lte", Operator::kLessOrEqual, false},
        {"$exists", Operator::kExists, false}};
    const auto* known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                     [&](const Known& one) { return one.name == op; });
    if (known == std::end(kKnown)) {
      return invalid("the operator \"" + op + "\" of \"" + path + "\" is not supported.");
    }
    if (known->op == Operator::kIn && !operand.is_array()) {
      return invalid("\"" + op + "\" of \"" + path + "\" needs an array.");
    }
    Condition condition;
    condition.op = known->op;
    condition.negated = known->negated;
    condition.path = path;
    condition.operand = operand;
    return condition;
  }
};

base::Result<RecordQuery> RecordQuery::parse(const boost::json::object& query) {
  Reader reader;
  auto root = reader.object(query, 0);
  if (!root) {
    return root.error();
  }
  RecordQuery parsed;
  parsed.root_ = std::move(*root);
  return parsed;
}

bool RecordQuery::matches(const boost::json::object& record) const { return holds(root_, record); }

bool RecordQuery::holds(const Condition& condition, const boost::json::object& record) {
  const auto inner = [&](const Condition& one) { return holds(one, record); };
  bool found = false;
  switch (condition.op) {
    case Operator::kAll:
      found = std::all_of(condition.inner.begin(), condition.inner.end(), inner);
      break;
    case Operator::kAny:
      found = std::any_of(condition.inner.begin(), condition.inner.end(), inner);
      break;
    default: {
      const json::value* stored = json::find(record, condition.path);
      const std::size_t dot = condition.path.find('.');
      if (stored == nullptr && dot != std::string::npos) {
        const json::value* below = json::find(record, std::string_view(condition.path).substr(0, dot));
        stored = below == nullptr ? nullptr
                                  : valueAt(*below, std::string_view(condition.path).substr(dot + 1));
      }
      found = compares(condition, stored);
    }
  }
  return found != condition.negated;
}

bool RecordQuery::compares(const Condition& condition, const boost::json::value* stored) {
  static const json::value kNull;
  const json::value& value = stored == nullptr ? kNull : *stored;
  const json::value& operand = condition.operand;
  switch (condition.op) {
    case Operator::kEquals: return equalOrContains(value, operand);
    case Operator::kIn: {
      const json::array& items = operand.get_array();
      return std::any_of(items.begin(), items.end(),
                         [&](const json::value& item) { return equalOrContains(value, item); });
    }
    case Operator::kExists: return (stored != nullptr) == (!operand.is_bool() || operand.get_bool());
    default: break;
  }
  const std::optional<int> difference = order(value, operand);
  if (!difference) {
    return false;
  }
  switch (condition.op) {
    case Operator::kGreater: return *difference > 0;
    case Operator::kGreaterOrEqual: return *difference >= 0;
    case Operator::kLess: return *difference < 0;
    default: return *difference <= 0;
  }
}

}  // namespace patchbay::datastores
