namespace Lanyard;

/// <summary>
/// States the classes of a child module where the type of its property does not: one, or several of which the configuration chooses. A load asks the
/// instances that are there; the compiler, which has none, asks this where a class <see cref="ConformsToAttribute">conforms to</see> a checkpoint, and lets
/// the names of each layer choose.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
public sealed class ChildAttribute : Attribute
{
    /// <summary>The classes of the child that the property holds.</summary>
    /// <param name="classes">The classes, each with <see cref="ParameterModuleAttribute"/>; of a list, those of its items. A class that derives from one stands for the same map.</param>
    public ChildAttribute(params Type[] classes) => Classes = classes;

    /// <summary>The classes of a child further below, in a class that puts its own into what others wrote.</summary>
    /// <param name="path">The properties that lead to it, with dots: <c>Model.Layers.Mlp</c>.</param>
    /// <param name="classes">The classes.</param>
    public ChildAttribute(string path, params Type[] classes) => (Path, Classes) = (path, classes);

    /// <summary>The properties that lead to the child; null where the attribute stands at the property.</summary>
    public string? Path { get; }

    /// <summary>The classes.</summary>
    public IReadOnlyList<Type> Classes { get; }

    /// <summary>
    /// What axes of the child are here, where they are not what is called alike: <c>hidden = head_dim</c>, with commas between several. On the right stands
    /// one dimension in the layout notation, <c>(heads head_dim)</c>, or <c>?</c> for a size of the child's own. An axis without such a line is that of
    /// the same name in the nearest class around the child that has one, and else of the child's own.
    /// </summary>
    public string? Axes { get; set; }

    /// <summary>
    /// The member, a property or field of type <see cref="bool"/>, that says whether an instance has the child: what depends on the same one is there together. Null where
    /// only the property itself says it.
    /// </summary>
    public string? When { get; set; }
}
