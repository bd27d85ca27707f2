using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>Two parameters do not hold one tensor.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedTensorAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0038";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Two parameters do not hold one tensor",
        "\"{0}\" and \"{1}\" would hold one tensor: a load of either writes both, and to() disposes it twice. Assign a clone; for a tied weight, read one property in both places and name the other tensor with [CheckpointAlias].",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            foreach (var (target, value) in Pairs((IAssignmentOperation)context.Operation))
            {
                if (ParameterView.Itself(target) is not { } parameter) continue;
                foreach (var choice in Operation.Choices(value))
                {
                    if (ParameterView.Named(choice) is { } other)
                        context.ReportDiagnostic(Diagnostic.Create(Rule, choice.Syntax.GetLocation(), parameter.Property.Name, other.Property.Name));
                }
            }
        },
        OperationKind.SimpleAssignment,
        OperationKind.CoalesceAssignment,
        OperationKind.DeconstructionAssignment);

    private static IEnumerable<(IOperation Target, IOperation Value)> Pairs(IAssignmentOperation assignment) =>
        assignment is IDeconstructionAssignmentOperation ? Pairs(assignment.Target, assignment.Value) : [(assignment.Target, assignment.Value)];

    private static IEnumerable<(IOperation Target, IOperation Value)> Pairs(IOperation target, IOperation value) =>
        target is ITupleOperation targets
            ? Operation.Bare(value) is ITupleOperation values ? targets.Elements.Zip(values.Elements, Pairs).SelectMany(static pairs => pairs) : []
            : [(target, value)];
}
