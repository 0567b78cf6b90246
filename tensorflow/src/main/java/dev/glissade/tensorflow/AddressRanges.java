package dev.glissade.tensorflow;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Tensor;

/**
 * The memory of the trained variables. TensorFlow may return a gradient on the memory of a
 * variable: the gradient of {@code a * b} by {@code a} is {@code b}. A step must not overwrite one
 * while it reads the other.
 */
final class AddressRanges {
  private final List<VariableMemory> variables;

  /** The end of each range by its begin. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  AddressRanges(List<VariableMemory> variables) {
    this.variables = variables;
    for (VariableMemory variable : variables) {
      if (variable.numBytes() > 0) {
        ranges.put(variable.address(), variable.address() + variable.numBytes());
      }
    }
  }

  boolean areOf(List<VariableMemory> others) {
    return variables.equals(others);
  }

  /** Returns whether an open tensor has a byte in common with a variable. */
  boolean overlap(Tensor tensor) {
    long begin = TensorMemory.address(tensor);
    Map.Entry<Long, Long> last = ranges.lowerEntry(begin + tensor.numBytes());
    return last != null && last.getValue() > begin;
  }
}
