#include "flows/flow_clone.h"

#include <utility>

#include "base/json.h"

namespace patchbay::flows {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

bool isIdChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// Rewrites ids in texts, wherever they stand.
class TextRewriter {
 public:
  // `paths`: a text may begin with a component id and a dot (wizard).
  TextRewriter(const IdMap& components, const IdMap& flowIds, bool paths)
      : components_(components), flowIds_(flowIds), paths_(paths) {}

  std::string text(std::string_view source) const {
    std::string out;
    out.reserve(source.size());
    std::size_t at = 0;
    const auto path = paths_ ? pathHead(source, 0) : std::pair<std::size_t, const std::string*>();
    if (path.second != nullptr) {
      out += *path.second;
      at = path.first;
    }
    while (at < source.size()) {
      at = isIdChar(source[at]) ? word(source, at, out) : plain(source, at, out);
    }
    return out;
  }

  value any(const value& part) const {
    switch (part.kind()) {
      case boost::json::kind::string:
        return value(text(part.get_string()));
      case boost::json::kind::array: {
        array out;
        out.reserve(part.get_array().size());
        for (const value& item : part.get_array()) {
          out.push_back(any(item));
        }
        return out;
      }
      case boost::json::kind::object: {
        object out;
        out.reserve(part.get_object().size());
        for (const auto& [key, member] : part.get_object()) {
          out.insert_or_assign(text(key), any(member));
        }
        return out;
      }
      default:
        return part;
    }
  }

 private:
  // The component id that begins here and is followed by a dot: its end, and its new id or nothing.
  std::pair<std::size_t, const std::string*> pathHead(std::string_view source,
                                                      std::size_t at) const {
    const std::size_t dot = source.find('.', at);
    if (dot == std::string_view::npos) {
      return {at, nullptr};
    }
    const auto found = components_.find(source.substr(at, dot - at));
    return {dot, found == components_.end() ? nullptr : &found->second};
  }

  // A run of id characters: a UUID of ours is replaced.
  std::size_t word(std::string_view source, std::size_t at, std::string& out) const {
    std::size_t end = at;
    while (end < source.size() && isIdChar(source[end])) {
      ++end;
    }
    const std::string_view run = source.substr(at, end - at);
    const std::string* replaced = base::isUuid(run) ? known(run) : nullptr;
    out += replaced == nullptr ? run : std::string_view(*replaced);
    return end;
  }

  const std::string* known(std::string_view id) const {
    if (const auto found = components_.find(id); found != components_.end()) {
      return &found->second;
    }
    const auto found = flowIds_.find(id);
    return found == flowIds_.end() ? nullptr : &found->second;
  }

  // Any other character; "$." may begin a variable path.
  std::size_t plain(std::string_view source, std::size_t at, std::string& out) const {
    if (source.substr(at, 2) == "$.") {
      out += "$.";
      const auto path = pathHead(source, at + 2);
      if (path.second != nullptr) {
        out += *path.second;
        return path.first;
      }
      return at + 2;
    }
    out.push_back(source[at]);
    return at + 1;
  }

  const IdMap& components_;
  const IdMap& flowIds_;
  const bool paths_;
};

// One component, where keys are ids by their place.
class NodeRewriter {
 public:
  NodeRewriter(const IdMap& components, const IdMap& flowIds)
      : components_(components), texts_(components, flowIds, false) {}

  value node(const value& source) const {
    if (!source.is_object()) {
      return texts_.any(source);
    }
    object out;
    for (const auto& [key, member] : source.get_object()) {
      if (key == "type" || key == "version") {
        out[key] = member;
      } else if (key == "source") {
        out[key] = byPort(member, &NodeRewriter::kept);
      } else if (key == "config") {
        out[key] = config(member);
      } else {
        out[key] = texts_.any(member);
      }
    }
    return out;
  }

 private:
  value config(const value& source) const {
    if (!source.is_object()) {
      return texts_.any(source);
    }
    object out;
    for (const auto& [key, member] : source.get_object()) {
      out[key] =
          key == "transform" ? byPort(member, &NodeRewriter::transforms) : texts_.any(member);
    }
    return out;
  }

  using Below = value (NodeRewriter::*)(const value&) const;

  // {in port: {component id: …}}; port names are nobody's ids.
  value byPort(const value& source, Below below) const {
    if (!source.is_object()) {
      return source;
    }
    object out;
    for (const auto& [port, upstream] : source.get_object()) {
      out[port] = byComponent(upstream, below);
    }
    return out;
  }

  value byComponent(const value& source, Below below) const {
    if (!source.is_object()) {
      return source;
    }
    object out;
    for (const auto& [id, member] : source.get_object()) {
      const auto found = components_.find(std::string_view(id));
      out[found == components_.end() ? std::string_view(id) : std::string_view(found->second)] =
          (this->*below)(member);
    }
    return out;
  }

  value kept(const value& outPorts) const { return outPorts; }

  // {out port: transform}
  value transforms(const value& source) const {
    if (!source.is_object()) {
      return source;
    }
    object out;
    for (const auto& [port, transform] : source.get_object()) {
      out[port] = texts_.any(transform);
    }
    return out;
  }

  const IdMap& components_;
  TextRewriter texts_;
};

}  // namespace

IdMap newComponentIds(const value& flow, base::Random& random) {
  IdMap ids;
  if (flow.is_object()) {
    for (const auto& [id, node] : flow.get_object()) {
      ids.emplace(std::string(id), base::newUuid(random));
    }
  }
  return ids;
}

value rewriteFlow(const value& flow, const IdMap& components, const IdMap& flowIds) {
  if (!flow.is_object()) {
    return flow;
  }
  const NodeRewriter rewriter(components, flowIds);
  object out;
  for (const auto& [id, node] : flow.get_object()) {
    out[components.at(std::string(id))] = rewriter.node(node);
  }
  return out;
}

value rewriteTexts(const value& part, const IdMap& components, const IdMap& flowIds) {
  return TextRewriter(components, flowIds, true).any(part);
}

}  // namespace patchbay::flows
