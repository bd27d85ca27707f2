using Lanyard.Index;

namespace Lanyard;

/// <summary>Looking at a model whose parameters are tied to their loaders.</summary>
public static class ParameterModuleExtensions
{
    /// <summary>Every parameter of a module and of everything below it, under its full name: the path of its module in the checkpoint, then the name that it is registered under.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static IEnumerable<(string Name, BoundParameter Parameter)> AllParameters(this IParameterModule model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelIndex.Of(model.Parameters).Parameters.Select(parameter => (parameter.Name, parameter.Bound));
    }
}
