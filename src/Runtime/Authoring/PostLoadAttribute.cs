namespace Lanyard;

/// <summary>
/// Marks a method that turns loaded parameters into what kernels want: it may read and assign the class's parameters.
/// It takes nothing and returns nothing. The generator reads from its body which parameters it reads and which it assigns;
/// it runs after a load, and again after each refit that changes what it reads.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostLoadAttribute : Attribute
{
    /// <summary>
    /// The name of a method that undoes this one: it assigns the same parameters in their model layout, from their kernel layout.
    /// With it a loaded model can be exported.
    /// </summary>
    public string? Undo { get; set; }
}
