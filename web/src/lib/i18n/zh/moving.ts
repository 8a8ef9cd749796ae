/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "已导入，但不含画布内容。",
  "transfer.why.cutOff": "文件在对话中间中断。",
  "transfer.why.file": "有一个文件未导入：",
  "transfer.why.fileTooLarge": "有一个文件太大，未导入：",
  "transfer.why.parts": "已导入，但不含无法显示的部分：",
  "transfer.why.tools": "已导入，但不含工具调用步骤。",
};
