namespace Lanyard.Generator.Models;

/// <summary>A partial property that the generator implements.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Name">The name under which it is registered.</param>
/// <param name="Pattern">The model layout.</param>
/// <param name="Kernel">The declared kernel layout, or null.</param>
/// <param name="Type">The declared element type as an expression, or null.</param>
/// <param name="Modifiers">The property's modifiers, as written.</param>
/// <param name="IsNullable">Whether its type is annotated with a question mark.</param>
/// <param name="When">The expression that says whether an instance has the parameter, after the module and a dot, or null.</param>
/// <param name="Accessors">The accessors, in order of declaration.</param>
/// <param name="Sources">The checkpoint tensors that fill it.</param>
/// <param name="HidesInEntries">Whether the entry of its name hides an inherited member of the parameter set.</param>
/// <param name="HidesInMap">Whether the entry of its name hides a member of <see cref="object"/>.</param>
public sealed record ParameterModel(
    string Property,
    string Name,
    string Pattern,
    string? Kernel,
    string? Type,
    string Modifiers,
    bool IsNullable,
    string? When,
    EquatableArray<AccessorModel> Accessors,
    EquatableArray<SourceModel> Sources,
    bool HidesInEntries,
    bool HidesInMap)
{
    /// <summary>The value of every element where none of its tensors is there, or null.</summary>
    public double? Absent { get; init; }

    /// <summary>The member of the runtime's enumeration that says how the class multiplies with it so that an adapter takes effect; null where it does not.</summary>
    public string? Adapters { get; init; }

    /// <summary>The parts that nothing stored fills.</summary>
    public EquatableArray<ConstantModel> Constants { get; init; }

    /// <summary>
    /// Whether the property can be assigned at any time, and stores its value in a field of its own. What is assigned once needs none, for its entry
    /// holds the value too.
    /// </summary>
    public bool IsSettable => Accessors.Any(accessor => accessor.Keyword == "set");
}
