using System.ComponentModel;

namespace Lanyard;

/// <summary>Written by the generator into the assembly of a family, so that the programs that reference it know the family without reading its classes.</summary>
/// <param name="type">The root class, as code spells it: <c>global::Models.Model</c>.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelFamilyAttribute(string type) : Attribute
{
    /// <summary>The root class, as code spells it.</summary>
    public string Type { get; } = type;
}
