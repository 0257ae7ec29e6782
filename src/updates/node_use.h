// What a flow really uses of one of its components: fields it fills, ports it links, outputs it
// maps (docs/formats/flow.md).
//
// Threads: plain values over a descriptor that must outlive them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "flows/descriptor.h"

namespace patchbay::updates {

// Every path below "$.<component>.<port>" that any transform or text of the flow names.
class FlowReferences {
 public:
  explicit FlowReferences(const flows::Descriptor& flow);
  // By "<component>.<port>": paths below it; empty = the whole payload.
  const std::set<std::string>* of(std::string_view componentId, std::string_view port) const;

 private:
  void read(const flows::Descriptor& flow, const boost::json::value& value);
  void readText(const flows::Descriptor& flow, std::string_view text);
  std::map<std::string, std::set<std::string>, std::less<>> paths_;
};

class NodeUse {
 public:
  NodeUse(const flows::Descriptor& flow, const flows::Node& node, const FlowReferences& references)
      : flow_(flow), node_(node), references_(references) {}

  bool linksInto(std::string_view port) const;
  bool linksOutOf(std::string_view port) const;
  // A field of an in port, of a property where `port` is empty. By some link, at all.
  bool fills(std::string_view port, std::string_view field) const;
  // Some link into the port, or the properties, gives it nothing. A link without a transform hands
  // on whatever comes: it counts as empty.
  bool leavesEmpty(std::string_view port, std::string_view field) const;
  // What it is filled with, link by link.
  std::vector<const boost::json::value*> valuesOf(std::string_view port,
                                                  std::string_view field) const;
  // A mapping names this output, something in it, or what it is in, but the whole payload.
  bool maps(std::string_view port, std::string_view path) const;

 private:
  const flows::Descriptor& flow_;
  const flows::Node& node_;
  const FlowReferences& references_;
};

}  // namespace patchbay::updates
