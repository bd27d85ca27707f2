namespace Lanyard.Generator.Models;

/// <summary>A partial property that the generator does not implement.</summary>
/// <param name="Head">Its declaration, up to the accessors.</param>
/// <param name="Accessors">The accessors, in order of declaration.</param>
/// <param name="HasInitializer">Whether the author gave it an initial value, which only a property with a field compiles with.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Rule">The rule that says why.</param>
public sealed record DeclinedProperty(string Head, EquatableArray<AccessorModel> Accessors, bool HasInitializer, string Name, string Rule);
