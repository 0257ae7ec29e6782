// What a change of a record means for the components that listen to its store.
//
// `oldValue` stands twice, beside currentValue and inside it: components in the field read the inner one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "datastores/data_stores.h"

namespace patchbay::datastores {

class DataEvents {
 public:
  // Reads the listeners of the store once.
  DataEvents(store::Transaction& tx, std::string_view storeId);
  bool heard() const { return !listeners_.empty(); }

  void inserted(const store::DataRecord& record, std::vector<ListenerCall>& calls) const;
  void updated(const store::DataRecord& record, std::string_view oldValue, std::vector<ListenerCall>& calls) const;
  void deleted(const store::DataRecord& record, std::vector<ListenerCall>& calls) const;

 private:
  void tell(std::string_view type, const store::DataRecord& record, std::optional<std::string_view> oldValue,
            std::vector<ListenerCall>& calls) const;

  std::vector<store::DataListenerRecord> listeners_;
};

}  // namespace patchbay::datastores
