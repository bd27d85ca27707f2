namespace Lanyard.Generator.Models;

/// <summary>A post-load method with the parameters that its body touches.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="IsStatic">Whether it belongs to the class.</param>
/// <param name="Reads">The positions of the parameters that it reads.</param>
/// <param name="Writes">The positions of the parameters that it assigns.</param>
/// <param name="Undo">The method that undoes it, or null.</param>
/// <param name="IsUndoStatic">Whether that one belongs to the class.</param>
/// <param name="Fields">What the two assign of the class beside parameters.</param>
public sealed record PostLoadModel(string Method, bool IsStatic, EquatableArray<int> Reads, EquatableArray<int> Writes, string? Undo, bool IsUndoStatic, EquatableArray<FieldModel> Fields);
