using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Updates;

/// <summary>A refit is committed: else the model keeps what it had.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UncommittedRefitAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0050";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A refit is committed",
        "{0}: the model would keep its old weights, or be torn where the refit is in place. Call Commit() after the last tensor{1}.",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            var call = (IInvocationOperation)context.Operation;
            if (!(call.Type as INamedTypeSymbol).IsAttribute("RefitSession") || Operation.IsNamed(call) || !Handling.IsMade(call, IsMaker, "Commit")) return;

            // To begin and end it at once is to ask whether one can begin.
            if (call.Parent is IInvocationOperation { TargetMethod.Name: "Dispose" }) return;
            if (!new Handling("Commit").Ends(call))
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), "No path from here commits the session", ""));
            else if (UnendedWay.Exists(call, "Commit"))
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), "A path from here brings tensors and does not commit the session", ", or Dispose() where the session is given up"));
        },
        OperationKind.Invocation);

    private static bool IsMaker(IMethodSymbol method) => method.Name == "BeginRefit" && method.ContainingType.IsAttribute("RefitExtensions");
}
