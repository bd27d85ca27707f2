namespace Lanyard;

/// <summary>
/// States what no model of a class has of what the classes below it may have: a family whose attention never has norms of queries. The compiler heeds it where the class
/// <see cref="ConformsToAttribute">conforms to</see> a checkpoint: tensors for such a parameter or child have no home then.
/// </summary>
/// <param name="paths">The properties that lead to each, with dots: <c>Model.Layers.SelfAttn.QNorm</c>.</param>
/// <seealso cref="WithAttribute"/>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WithoutAttribute(params string[] paths) : Attribute
{
    /// <summary>The properties that lead to each.</summary>
    public IReadOnlyList<string> Paths { get; } = paths;
}
