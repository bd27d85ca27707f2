using TorchSharp;

namespace Lanyard;

/// <summary>What an engine does with a model whose parameters are tied to their loaders.</summary>
public static class ParameterModuleExtensions
{
    /// <summary>Begins a refit of a module and everything below it. Names are those below the module.</summary>
    /// <exception cref="ModelStateException">Another refit owns the module or a part of it.</exception>
    public static RefitSession BeginRefit(this IParameterModule model, RefitMode mode = RefitMode.Staged, RefitScope scope = RefitScope.Whole, LoadOptions? options = null) =>
        new(ModelIndex.Of(model.Parameters), mode, scope, options ?? LoadOptions.Default);

    /// <summary>Every parameter of a module and of everything below it, under its full name: the path of its module in the checkpoint, then the name that it is registered under.</summary>
    public static IEnumerable<(string Name, BoundParameter Parameter)> AllParameters(this IParameterModule model) =>
        ModelIndex.Of(model.Parameters).Parameters.Select(parameter => (parameter.Name, parameter.Bound));

    /// <summary>
    /// Refits one parameter from one checkpoint tensor: what vLLM writes as <c>param.weight_loader(param, tensor)</c>. The parameter
    /// takes effect with everything that depends on it, or not at all.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="name">The tensor's name below the parameter's module: <c>down_proj</c>.</param>
    /// <param name="tensor">The tensor in checkpoint layout.</param>
    /// <exception cref="LoadException">The tensor does not fit, fills another parameter, or does not suffice.</exception>
    public static LoadReport Load(this BoundParameter parameter, string name, torch.Tensor tensor)
    {
        var index = ModelIndex.Of(parameter.Owner);
        if (index.Find(name) is { } place && !place.Uses.Exists(use => ReferenceEquals(use.Parameter.Bound, parameter)))
            throw new LoadException("Nothing was changed.", [new LoadProblem(LoadProblemKind.Unexpected, name, parameter.Entry.Name, $"a source of {parameter}")]);
        using var refit = new RefitSession(index, RefitMode.Staged, RefitScope.Subset, LoadOptions.Default);
        refit.Write(name, tensor);
        return refit.Commit();
    }
}
