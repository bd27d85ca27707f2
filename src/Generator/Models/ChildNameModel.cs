namespace Lanyard.Generator.Models;

/// <summary>The name of a child in the checkpoints of one convention or format.</summary>
/// <param name="Convention">The convention, or empty.</param>
/// <param name="Format">The format, or empty.</param>
/// <param name="Name">The name; empty where the child has no level of its own.</param>
public sealed record ChildNameModel(string Convention, string Format, string Name)
{
    /// <summary>Which of some names a child has in the checkpoints of a convention, in a format; null where none is stated for them.</summary>
    // As the runtime has it: a format's names are its own before they are a convention's.
    public static string? In(IEnumerable<ChildNameModel> names, string convention, string format) => names
        .Where(name => (name.Format == format || name.Format.Length == 0) && (name.Convention == convention || name.Convention.Length == 0))
        .OrderByDescending(static name => (name.Format.Length > 0 ? 2 : 0) + (name.Convention.Length > 0 ? 1 : 0))
        .FirstOrDefault()?.Name;
}
