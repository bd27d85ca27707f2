namespace Lanyard;

/// <summary>How a class multiplies with a parameter.</summary>
public enum AdapterUse
{
    /// <summary>In no way that asks for an adapter.</summary>
    None,

    /// <summary>By <see cref="BoundParameter.Linear"/>.</summary>
    Linear,

    /// <summary>In its own way, with <see cref="BoundParameter.Adapted"/> behind it.</summary>
    Adapted,
}
