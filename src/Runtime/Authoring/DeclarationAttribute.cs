using System.ComponentModel;

namespace Lanyard;

/// <summary>
/// What a class with <see cref="ParameterModuleAttribute"/> declares, as text: the generator writes it, so that a compiler which sees only the assembly knows
/// of members that are not public, too.
/// </summary>
/// <param name="lines">A line for each axis, parameter, source, child and so on.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DeclarationAttribute(params string[] lines) : Attribute
{
    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;
}
