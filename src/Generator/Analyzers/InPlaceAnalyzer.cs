using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>Nobody writes into a parameter's tensor where that would go unnoticed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InPlaceAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Reshaping =
        ["set_", "resize_", "resize_as_", "t_", "transpose_", "squeeze_", "unsqueeze_", "swapaxes_", "swapdims_", "as_strided_"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0023";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is not changed in place",
        "{0} \"{1}\" in place: {2}. Assign a new value instead.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(static context => Call(context, (IInvocationOperation)context.Operation), OperationKind.Invocation);
        context.RegisterOperationAction(
            static context => Element(context, ((IAssignmentOperation)context.Operation).Target),
            OperationKind.SimpleAssignment,
            OperationKind.CompoundAssignment);
    }

    private static void Call(OperationAnalysisContext context, IInvocationOperation call)
    {
        var name = call.TargetMethod.Name;
        if (!name.EndsWith("_", StringComparison.Ordinal) || name.Length < 2) return;
        var receiver = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        if (ParameterUse.Viewed(receiver) is not { } parameter) return;
        if (Reshaping.Contains(name) && ParameterUse.Of(receiver) is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), $"\"{name}\" reshapes", parameter.Property.Name, "nobody would know its layout"));
        else if (ParameterUse.IsPostLoad(context.ContainingSymbol))
            Report(context, call.Syntax, $"\"{name}\" writes into", parameter);
    }

    private static void Element(OperationAnalysisContext context, IOperation target)
    {
        // W[0] = x, and W.bytes = x; the assignment of W itself is another rule's.
        if (target is not IPropertyReferenceOperation { Instance: { } instance } || ParameterUse.Of(target) is not null) return;
        if (ParameterUse.IsPostLoad(context.ContainingSymbol) && ParameterUse.Viewed(instance) is { } parameter)
            Report(context, target.Syntax, "This writes into", parameter);
    }

    private static void Report(OperationAnalysisContext context, SyntaxNode syntax, string what, IPropertyReferenceOperation parameter) => context.ReportDiagnostic(
        Diagnostic.Create(Rule, Locate.Name(syntax), what, parameter.Property.Name, "after a refit of other parameters it would happen again"));
}
