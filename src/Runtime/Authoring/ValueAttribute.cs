namespace Lanyard;

/// <summary>Declares what a value is, on the class of an encoding: <c>(code - zero) * scale</c>.</summary>
/// <param name="expression">
/// Of <c>code</c>, the names of companions, numbers, <c>+ - * / &amp;</c>, brackets and <c>table[code]</c>. Integers are exact; of floats each
/// operation is rounded once, to float32, as it stands.
/// </param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ValueAttribute(string expression) : Attribute
{
    /// <summary>The expression.</summary>
    public string Expression { get; } = expression;
}
