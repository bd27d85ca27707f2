namespace Lanyard;

/// <summary>
/// Declares that no checkpoint brings a part of a parameter, since all of it has one value: the keys of a fused bias where queries and values
/// alone have one. Each load and each refit writes it, checksums compare it, and an export leaves it out.
/// </summary>
/// <param name="part">
/// The part: its tag in the parameter's pattern, <c>k</c>, or an axis that it has and the others have not, <c>rope</c>; several with a space
/// between where one does not tell the part.
/// </param>
/// <param name="value">The value of each of its elements. It is rounded to the parameter's type.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class ConstantAttribute(string part, double value) : Attribute
{
    /// <summary>The part of the parameter.</summary>
    public string Part { get; } = part;

    /// <summary>The value of each of its elements.</summary>
    public double Value { get; } = value;

    /// <summary>The format of the sources beside which the part is a constant. Null: all formats of the parameter.</summary>
    public string? Format { get; set; }
}
