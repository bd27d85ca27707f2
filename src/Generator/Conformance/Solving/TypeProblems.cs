using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>
/// Element types of parameters that declare none: all have that of the model, which the list shows. It is that of floating-point types that most elements have. Files of GGUF mix
/// types, with norms in F32 beside what is shorter: of them it is the one by which the fewest elements are refused.
/// </summary>
internal static class TypeProblems
{
    private static readonly string[] ModelTypes = ["BF16", "F16", "F32"];

    /// <summary>The type of the model, and what its parameters do not take.</summary>
    /// <param name="root">The model.</param>
    /// <param name="isGguf">Whether the list is of GGUF files.</param>
    public static (string Type, IEnumerable<ConformanceProblem> Problems) Of(MatchedModule root, bool isGguf)
    {
        List<(MatchedModule Module, DescribedParameter Parameter, MatchedTensor Tensor)> tensors =
        [
            .. root.Tree.SelectMany(static module => module.Parameters.Where(static parameter => parameter.Parameter.Type is null)
                .SelectMany(parameter => parameter.Sources.SelectMany(static source => source.Tensors).Select(tensor => (module, parameter.Parameter, tensor)))),
        ];
        tensors.RemoveAll(static tensor => tensor.Tensor.Found.Tensor.Type is null || tensor.Tensor.Sizes.IsDefault);
        var elements = ModelTypes.ToDictionary(static type => type, type => Elements(tensors.Where(tensor => tensor.Tensor.Found.Tensor.Type == type)));
        var refused = ModelTypes.ToDictionary(static type => type, type => Elements(tensors.Where(tensor => !Takes(tensor.Tensor, type))));
        var type = ModelTypes
            .OrderBy(type => isGguf ? refused[type] : -elements[type])
            .ThenBy(type => isGguf ? -elements[type] : refused[type])
            .First();
        return (type, tensors.Where(tensor => !Takes(tensor.Tensor, type)).Select(tensor => Problem(tensor.Module, tensor.Parameter, tensor.Tensor, type)));
    }

    private static bool Takes(MatchedTensor tensor, string type) => ElementKinds.Takes(tensor.Source, tensor.Found.Tensor.Type!, type);

    // Tensors that several take count once.
    private static double Elements(IEnumerable<(MatchedModule Module, DescribedParameter Parameter, MatchedTensor Tensor)> tensors) =>
        tensors.Select(static tensor => tensor.Tensor.Found.Tensor).Distinct().Sum(static tensor => tensor.Shape.Aggregate((double)tensor.Count, static (count, size) => count * size));

    private static ConformanceProblem Problem(MatchedModule module, DescribedParameter parameter, MatchedTensor tensor, string type) => new(
        ProblemKind.Type,
        ProblemPlace.Type(tensor.Found.Tensor),
        $"{tensor.Found.Name} is {tensor.Found.Tensor.Type}, and {module.Class.ShortName}.{parameter.Property} has the type of the model, {type} in this list, which would lose bits of it: declare a Type, or say Cast = true where it may be rounded")
    {
        Others = [ProblemPlace.Of(module.Class.Name, parameter.Property, tensor.Source.Index, isName: true)],
    };
}
