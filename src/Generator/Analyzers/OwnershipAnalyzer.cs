using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>A parameter's tensor belongs to its module.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnershipAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Calls = ["Dispose", "DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DecoupleFromNativeHandle"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0032";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is neither disposed nor taken away",
        "{0} takes the tensor of \"{1}\" away from its module: the property would hold an invalid handle. {2}.",
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
                if (Calls.Contains(call.TargetMethod.Name) && ParameterUse.Of(call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } parameter)
                    Report(context, Locate.Name(call.Syntax), $"\"{call.TargetMethod.Name}\"", parameter, "It is disposed with the module");
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(
            static context =>
            {
                var created = (IObjectCreationOperation)context.Operation;
                if (created.Type is { } type && KnownTypes.IsParameter(type) && ParameterUse.Of(created.Arguments.FirstOrDefault()?.Value) is { } parameter)
                    Report(context, created.Arguments[0].Syntax.GetLocation(), "The constructor of Parameter", parameter, "Give it a copy, or a view such as alias()");
            },
            OperationKind.ObjectCreation);
        context.RegisterOperationAction(
            static context =>
            {
                foreach (var declarator in ((IUsingDeclarationOperation)context.Operation).DeclarationGroup.Declarations.SelectMany(static declaration => declaration.Declarators)) Using(context, declarator.Initializer?.Value);
            },
            OperationKind.UsingDeclaration);
        context.RegisterOperationAction(
            static context =>
            {
                var resources = ((IUsingOperation)context.Operation).Resources;
                if (resources is IVariableDeclarationGroupOperation group)
                    foreach (var declarator in group.Declarations.SelectMany(static declaration => declaration.Declarators)) Using(context, declarator.Initializer?.Value);
                else Using(context, resources);
            },
            OperationKind.Using);
    }

    private static void Using(OperationAnalysisContext context, IOperation? resource)
    {
        if (ParameterUse.Of(resource) is { } parameter) Report(context, resource!.Syntax.GetLocation(), "\"using\"", parameter, "It is disposed with the module");
    }

    private static void Report(OperationAnalysisContext context, Location location, string what, IPropertyReferenceOperation parameter, string advice) =>
        context.ReportDiagnostic(Diagnostic.Create(Rule, location, what, parameter.Property.Name, advice));
}
