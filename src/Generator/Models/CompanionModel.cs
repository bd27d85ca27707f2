namespace Lanyard.Generator.Models;

/// <summary>A tensor beside the codes of an encoding.</summary>
/// <param name="Name">The name that the arithmetic uses.</param>
/// <param name="Tensor">How its name ends, where that of the codes has its own end.</param>
/// <param name="Layout">How its elements lie.</param>
/// <param name="Covers">Which block of values an element covers; empty for a table.</param>
/// <param name="Through">The companion that has the number of the block for each position, or null.</param>
/// <param name="Field">The field of JSON that has the number, or null.</param>
/// <param name="Absent">The number that it has where none of it is stored, or null.</param>
public sealed record CompanionModel(string Name, string Tensor, CodeLayoutModel Layout, EquatableArray<string> Covers, string? Through, string? Field, double? Absent);
