package dev.glissade.records;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record class: their names and types, how to read them, and how to make a
 * record.
 */
public final class RecordType implements ContainerType {
  private static final ClassValue<RecordType> TYPES =
      new ClassValue<>() {
        @Override
        protected RecordType computeValue(Class<?> type) {
          return new RecordType(type.asSubclass(Record.class));
        }
      };

  private final Class<? extends Record> type;
  private final RecordComponent[] components;
  private final Method[] accessors;
  private final Constructor<? extends Record> constructor;

  private RecordType(Class<? extends Record> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.accessors = Stream.of(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    try {
      constructor =
          type.getDeclaredConstructor(
              Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      for (Method accessor : accessors) {
        accessor.setAccessible(true);
      }
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(notOpen(type), e);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(
          "record " + type.getName() + " must have a canonical constructor", e);
    }
  }

  /** Returns the sentence that tells which line to add to which module-info. */
  private static String notOpen(Class<?> type) {
    Module library = RecordType.class.getModule();
    return "record %s can't be read by reflection: add \"opens %s%s;\" to module-info of module %s"
        .formatted(
            type.getName(),
            type.getPackageName(),
            library.isNamed() ? " to " + library.getName() : "",
            type.getModule().getName());
  }

  /**
   * {@return the type of a record class} It is computed once for each class.
   *
   * @param type a record class
   * @throws IllegalArgumentException if the record is not public in an exported package and its
   *     module does not open the package to this library; the message has the line to add
   */
  public static RecordType of(Class<? extends Record> type) {
    return TYPES.get(type);
  }

  @Override
  public Kind kind() {
    return Kind.RECORD;
  }

  @Override
  public int size() {
    return components.length;
  }

  @Override
  public String name(int component) {
    return components[component].getName();
  }

  /**
   * {@return a component's declared type, with its type arguments}
   *
   * @param component the component's number, from 0
   */
  public Type declaredType(int component) {
    return components[component].getGenericType();
  }

  /**
   * {@return a component's class}
   *
   * @param component the component's number, from 0
   */
  public Class<?> rawType(int component) {
    return components[component].getType();
  }

  @Override
  public @Nullable Object get(Object record, int component) {
    try {
      return accessors[component].invoke(record);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    }
  }

  /**
   * Returns a record of these components. An exception of the record's constructor is passed on.
   *
   * @param parts the components in order
   * @return the record
   */
  @Override
  public Record make(@Nullable Object[] parts) {
    try {
      return constructor.newInstance(parts);
    } catch (IllegalAccessException | InstantiationException e) {
      throw new IllegalStateException("record " + type.getName() + " can't be made", e);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    }
  }

  /**
   * {@return a type argument, such as Tree for {@code List<Tree>} and {@code List<? extends Tree>};
   * Object if the type has none}
   *
   * @param type any type
   * @param index the argument's number, from 0
   */
  public static Type argument(Type type, int index) {
    if (!(type instanceof ParameterizedType generic)
        || generic.getActualTypeArguments().length <= index) {
      return Object.class;
    }
    Type argument = generic.getActualTypeArguments()[index];
    return argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
  }

  /**
   * {@return the class of a type; Object if it has none}
   *
   * @param type any type
   */
  public static Class<?> raw(Type type) {
    if (type instanceof Class<?> raw) {
      return raw;
    }
    return type instanceof ParameterizedType generic ? raw(generic.getRawType()) : Object.class;
  }

  private static RuntimeException unwrapped(InvocationTargetException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e.getCause());
  }
}
