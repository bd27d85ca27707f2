using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>The registry of an annotated class is kept by generated code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegistryAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Calls = ["register_parameter", "ConditionallyRegisterParameter", "ClearModules"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0025";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The registry of an annotated class is not touched by hand",
        "\"{0}\" goes around the map of \"{1}\": the parameter would have no loader, or another one than its property. Declare it with [Parameter].",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                var call = (IInvocationOperation)context.Operation;
                if (Calls.Contains(call.TargetMethod.Name) && ParameterUse.IsModule(call.Instance?.Type)) Report(context, call.TargetMethod, call.Instance!.Type!);
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(
            static context =>
            {
                var field = (IFieldReferenceOperation)context.Operation;
                if (field.Field.Name == "_internal_params" && ParameterUse.IsModule(field.Instance?.Type)) Report(context, field.Field, field.Instance!.Type!);
            },
            OperationKind.FieldReference);
    }

    private static void Report(OperationAnalysisContext context, ISymbol member, ITypeSymbol type) =>
        context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(context.Operation.Syntax), member.Name, type.Name));
}
