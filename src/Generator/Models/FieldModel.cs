namespace Lanyard.Generator.Models;

/// <summary>A field, or a property with storage of its own, that a post-load method assigns.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsStatic">Whether it belongs to the class.</param>
public sealed record FieldModel(string Name, bool IsStatic);
