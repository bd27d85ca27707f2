using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard.Transfers;

/// <summary>Finds the parameters of a plan in a live model.</summary>
internal static class PlannedParameter
{
    /// <summary>The parameter of a name, where it is stored as a plan says; else the problem is added, and null returned.</summary>
    /// <param name="parameters">Those of the model.</param>
    /// <param name="name">The full name.</param>
    /// <param name="planned">How it is stored by the plan.</param>
    /// <param name="process">The process.</param>
    /// <param name="problems">Where what is wrong is added.</param>
    public static ModelParameter? Find(Dictionary<string, ModelParameter> parameters, string name, TransferStorage planned, int process, List<TransferProblem> problems)
    {
        if (!parameters.TryGetValue(name, out var parameter))
        {
            problems.Add(new TransferProblem(TransferProblemKind.WrongModel, name, $"a parameter [{planned.Layout}]", "none in this model", process));
            return null;
        }
        var (bound, share) = (parameter.Bound, planned.Shares[process]);
        var (pattern, axes) = (Pattern.Parse(bound.Storage), parameter.Module.Set.Axes);
        var held = HeldText.Of(pattern, axes, HeldText.MapOf(pattern, axes, bound.Entry));
        var (expected, found) = (Text(planned.Layout, ElementTypes.Name(planned.Type), Shapes.Text(share.Shape), share.Held), Text(bound.Storage, ElementTypes.Name(bound.ModelType), Shapes.Text(bound.ModelShape), held));
        if (expected == found) return parameter;
        problems.Add(new TransferProblem(TransferProblemKind.WrongModel, name, expected, found, process));
        return null;
    }

    private static string Text(string layout, string type, string shape, string held) => $"\"{layout}\" {type} {shape} with {(held.Length == 0 ? "no axes" : held)}";
}
