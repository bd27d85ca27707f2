using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Updates;

/// <summary>A load plan is executed: by itself it copies nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedPlanAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0049";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A load plan is executed",
        "The plan is made and never executed: nothing is loaded. Call Execute() on it, or write \"_ = LoadPlan.Create(...)\" where only the check is wanted.",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            var call = (IInvocationOperation)context.Operation;
            if (!(call.Type as INamedTypeSymbol).IsAttribute("LoadPlan") || Operation.IsNamed(call) || !Handling.IsMade(call, IsMaker, "Execute")) return;

            // What is asked of a plan at once, and what is thrown away in so many words, is meant so.
            if (call.Parent is IPropertyReferenceOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } || new Handling("Execute").Ends(call)) return;
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax)));
        },
        OperationKind.Invocation);

    private static bool IsMaker(IMethodSymbol method) => method.Name == "Create" && method.ContainingType.IsAttribute("LoadPlan");
}
